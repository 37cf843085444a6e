package io.kafila.blockstore.internal.disk;

import io.kafila.multiformats.Payload;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Direct memory for reads, in size classes of powers of two, never more than its bound. Where the bound is reached a
 * lease comes from the heap, so that nobody ever waits for memory that somebody else holds. Thread-safe.
 */
public final class BufferPool {
    private static final int SMALLEST_SHIFT = 12;
    private static final int LARGEST_SHIFT = 22;

    private final long maxBytes;
    private final List<Deque<ByteBuffer>> idle = new ArrayList<>();
    private long allocatedBytes;
    private long outstanding;
    private long misses;
    private boolean closed;

    public BufferPool(long maxBytes) {
        this.maxBytes = maxBytes;
        for (int shift = SMALLEST_SHIFT; shift <= LARGEST_SHIFT; shift++) {
            idle.add(new ArrayDeque<>());
        }
    }

    /** Memory with one owner. */
    public final class Lease {
        private final ByteBuffer whole;
        private final int sizeBytes;
        private final int sizeClass;
        private boolean released;

        private Lease(ByteBuffer whole, int sizeBytes, int sizeClass) {
            this.whole = whole;
            this.sizeBytes = sizeBytes;
            this.sizeClass = sizeClass;
        }

        /** A fresh view of the leased bytes, big endian. */
        public ByteBuffer buffer() {
            return whole.slice(0, sizeBytes);
        }

        /** The leased bytes as a payload whose last close releases this lease. */
        public Payload payload() {
            return Payload.of(List.of(buffer()), this::release);
        }

        public void release() {
            giveBack(this);
        }
    }

    public synchronized Lease lease(int sizeBytes) {
        outstanding++;
        int sizeClass = classOf(sizeBytes);
        if (sizeClass >= idle.size()) {
            misses++;
            return new Lease(ByteBuffer.allocate(sizeBytes), sizeBytes, -1);
        }
        ByteBuffer buffer = idle.get(sizeClass).pollLast();
        if (buffer != null) {
            return new Lease(buffer, sizeBytes, sizeClass);
        }
        int capacity = 1 << (sizeClass + SMALLEST_SHIFT);
        if (!closed && makeRoom(capacity)) {
            allocatedBytes += capacity;
            return new Lease(ByteBuffer.allocateDirect(capacity), sizeBytes, sizeClass);
        }
        misses++;
        return new Lease(ByteBuffer.allocate(sizeBytes), sizeBytes, -1);
    }

    private static int classOf(int sizeBytes) {
        int shift = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(sizeBytes - 1, 0));
        return Math.max(shift - SMALLEST_SHIFT, 0);
    }

    private boolean makeRoom(int capacity) {
        for (int i = idle.size() - 1; i >= 0 && allocatedBytes + capacity > maxBytes; i--) {
            Deque<ByteBuffer> buffers = idle.get(i);
            while (!buffers.isEmpty() && allocatedBytes + capacity > maxBytes) {
                free(buffers.removeLast());
            }
        }
        return allocatedBytes + capacity <= maxBytes;
    }

    private void free(ByteBuffer buffer) {
        allocatedBytes -= buffer.capacity();
        DirectMemory.free(buffer);
    }

    private synchronized void giveBack(Lease lease) {
        if (lease.released) {
            throw new IllegalStateException("buffer pool: a lease of " + lease.sizeBytes + " bytes released twice");
        }
        lease.released = true;
        outstanding--;
        if (lease.sizeClass < 0) {
            return;
        }
        if (closed) {
            free(lease.whole);
        } else {
            idle.get(lease.sizeClass).addLast(lease.whole);
        }
    }

    /** How many leases are out. */
    public synchronized long outstanding() {
        return outstanding;
    }

    public synchronized long allocatedBytes() {
        return allocatedBytes;
    }

    /** How many leases came from the heap. */
    public synchronized long misses() {
        return misses;
    }

    /** Frees what is idle; what is out is freed when it comes back. */
    public synchronized void close() {
        closed = true;
        for (Deque<ByteBuffer> buffers : idle) {
            buffers.forEach(this::free);
            buffers.clear();
        }
    }
}
