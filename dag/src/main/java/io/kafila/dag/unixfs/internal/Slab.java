package io.kafila.dag.unixfs.internal;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A buffer that is filled from its beginning by one thread, and read by the owners of its parts. It begins at a page boundary:
 * the store writes whole pages from where they lie, and copies what lies across them. Thread-safe counting.
 */
final class Slab {
    static final int PAGE_BYTES = 4096;

    private final ByteBuffer buffer;
    private final Consumer<ByteBuffer> giveBack;
    private final AtomicInteger owners = new AtomicInteger(1);
    private int filled;

    Slab(ByteBuffer buffer, Consumer<ByteBuffer> giveBack) {
        this.buffer = buffer;
        this.giveBack = giveBack;
    }

    boolean isFull() {
        return filled == buffer.capacity();
    }

    int filled() {
        return filled;
    }

    /** Goes on at a page boundary; what is passed over stays unused. */
    void align() {
        filled = Math.min((filled + PAGE_BYTES - 1) & -PAGE_BYTES, buffer.capacity());
    }

    /** The part that is not filled yet, to read into, at most {@code limit} bytes of it. */
    ByteBuffer rest(int limit) {
        return buffer.slice(filled, Math.min(limit, buffer.capacity() - filled));
    }

    /** Counts {@code length} bytes of {@link #rest(int)} as filled; answers them. */
    ByteBuffer fill(int length) {
        ByteBuffer view = buffer.slice(filled, length);
        filled += length;
        return view;
    }

    /** A filled range whose bytes are still to come, to write them to. */
    ByteBuffer room(int from, int to) {
        return buffer.slice(from, to - from);
    }

    ByteBuffer part(int from, int to) {
        return buffer.slice(from, to - from).asReadOnlyBuffer();
    }

    void retain() {
        owners.incrementAndGet();
    }

    void release() {
        if (owners.decrementAndGet() == 0) {
            giveBack.accept(buffer);
        }
    }
}
