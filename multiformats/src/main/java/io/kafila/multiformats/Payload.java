package io.kafila.multiformats;

import io.kafila.multiformats.internal.BufferPayload;
import io.kafila.multiformats.internal.JoinedPayload;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Bytes that travel between modules without a copy: read-only buffers, in order, whose concatenation is the content.
 *
 * <p>A payload is created with one owner. Whoever keeps it beyond the call that passed it calls {@link #retain()} and
 * later {@link #close()}; the last close releases the memory, and any use after it is an {@link IllegalStateException}.
 * The counting is thread-safe. Views taken from a payload are valid only while it is owned.
 */
public interface Payload extends AutoCloseable {
    /** The length of the content in bytes. */
    int size();

    /** Fresh read-only big-endian views, in order; the receiver may move their positions. */
    List<ByteBuffer> buffers();

    /** The content as one fresh read-only view; copies only when it lies in several pieces. */
    ByteBuffer buffer();

    /** A copy of the content. */
    byte[] toByteArray();

    /**
     * A part of the content with an owner of its own; it keeps this payload's memory until it is closed.
     *
     * @throws IndexOutOfBoundsException if the range does not lie within the content
     */
    Payload slice(int offset, int length);

    /** Adds one owner, who must close; answers this payload. */
    Payload retain();

    /** Gives one ownership back; the last one releases the memory. */
    @Override
    void close();

    /** A payload over {@code bytes}, which the caller no longer changes. Nothing is freed at the last close. */
    static Payload of(byte[] bytes) {
        return of(ByteBuffer.wrap(bytes));
    }

    /** A payload over what remains in {@code bytes}, which the caller no longer changes. */
    static Payload of(ByteBuffer bytes) {
        return of(List.of(bytes));
    }

    /** A payload over what remains in each of {@code pieces}, in order. */
    static Payload of(List<ByteBuffer> pieces) {
        return of(pieces, () -> {});
    }

    /** As {@link #of(List)}; {@code onRelease} runs once, in the thread of the last close. */
    static Payload of(List<ByteBuffer> pieces, Runnable onRelease) {
        return new BufferPayload(pieces, onRelease);
    }

    /**
     * The parts one behind the other; takes the ownership of each over. A slice that lies within one part keeps only that part.
     */
    static Payload join(List<Payload> parts) {
        return parts.size() == 1 ? parts.get(0) : new JoinedPayload(parts);
    }

    /** A payload of no bytes. */
    static Payload empty() {
        return of(List.of());
    }
}
