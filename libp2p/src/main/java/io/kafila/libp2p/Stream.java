package io.kafila.libp2p;

import io.kafila.multiformats.Payload;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A bidirectional, ordered sequence of bytes to a peer, with backpressure both ways.
 *
 * <p>Reading is pulling: flow-control credit goes back to the peer for what {@link #read} has handed out, so a reader that
 * does not call it stops the sender. Writing: the future of {@link #write} completes when the bytes left the muxer's queue
 * for the wire, so a writer that waits for it holds at most one message in memory.
 *
 * <p>Methods may be called from any thread and never block; futures complete in {@link #executor()}.
 * {@link #close} closes the write side and discards what still arrives; {@link #reset} drops both sides at once. A stream
 * that was not reset and whose two sides are both closed is gone by itself. After the connection dies all futures
 * fail with a {@link StreamException}.
 */
public interface Stream extends AutoCloseable {

    Connection connection();

    /** The protocol that was agreed on. */
    String protocol();

    /** Whether this side opened the stream. */
    boolean isInitiator();

    /** The event loop of the connection. */
    Executor executor();

    /** What {@link #read()} brings at most. */
    int MAX_READ_BYTES = 1024 * 1024;

    /**
     * The next bytes, at least one and at most {@code maxBytes}; {@code null} once the peer has closed its write side. The
     * caller owns and closes the payload. One read at a time.
     *
     * @param maxBytes at least 1
     */
    CompletableFuture<@Nullable Payload> read(int maxBytes);

    /** {@link #read(int)} of at most {@link #MAX_READ_BYTES}. */
    default CompletableFuture<@Nullable Payload> read() {
        return read(MAX_READ_BYTES);
    }

    /** Sends bytes; takes ownership of {@code payload} in every case. Several writes may be under way; they keep their order. */
    CompletableFuture<Void> write(Payload payload);

    /** Says that no more will be written. The peer reads an end. */
    CompletableFuture<Void> closeWrite();

    /** Drops the stream in both directions; the peer's reads and writes fail. Idempotent. */
    void reset();

    /** {@link #closeWrite} and discard what still arrives. Idempotent. */
    @Override
    void close();
}
