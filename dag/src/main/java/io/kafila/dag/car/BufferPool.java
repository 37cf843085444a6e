package io.kafila.dag.car;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The large buffers of one reader. Thread-safe.
 *
 * <p>As many direct buffers as {@link #MAX_DIRECT}, so that a consumer that keeps its blocks does not use up the memory
 * outside of the heap; it gets buffers of the heap from then on.
 */
final class BufferPool {
    /** Four are enough for one being read, one being hashed and two with the consumer: 16 MiB. */
    static final int MAX_DIRECT = 4;

    private final int bufferBytes;
    private final Deque<ByteBuffer> free = new ArrayDeque<>();
    private int direct;

    BufferPool(int bufferBytes) {
        this.bufferBytes = bufferBytes;
    }

    /** A buffer of at least {@code length} bytes, cleared. */
    synchronized ByteBuffer take(int length) {
        if (length > bufferBytes) {
            return ByteBuffer.allocate(length);
        }
        ByteBuffer pooled = free.poll();
        if (pooled != null) {
            return pooled.clear();
        }
        if (direct < MAX_DIRECT) {
            direct++;
            return ByteBuffer.allocateDirect(bufferBytes);
        }
        return ByteBuffer.allocate(bufferBytes);
    }

    /** Takes a buffer back that nobody looks at any more. */
    synchronized void give(ByteBuffer buffer) {
        if (buffer.isDirect()) {
            free.push(buffer);
        }
    }
}
