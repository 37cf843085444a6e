package io.kafila.blockstore.internal.disk;

import static io.kafila.blockstore.internal.disk.DiskFile.PAGE_BYTES;

import io.kafila.multiformats.Payload;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Direct memory for reads, whole pages of it in four size classes for each power of two, never more than its bound.
 * Where the bound is reached a lease comes from the heap, so that nobody ever waits for memory that somebody else holds.
 * Thread-safe.
 */
public final class BufferPool {
    private static final Logger LOG = LoggerFactory.getLogger(BufferPool.class);

    private static final int LARGEST_BYTES = 4 << 20;

    /** Up to here a class is a power of two: a quarter of it would be no whole page. */
    private static final int COARSE_BYTES = 4 * PAGE_BYTES;

    private final long maxBytes;
    private final IntFunction<ByteBuffer> memory;
    private final TreeMap<Integer, Deque<Slab>> idle = new TreeMap<>();
    private long allocatedBytes;
    private long outstanding;
    private long misses;
    private boolean closed;

    public BufferPool(long maxBytes) {
        this(maxBytes, DirectMemory::allocate);
    }

    /** @param memory as {@link DirectMemory#allocate} gives it */
    BufferPool(long maxBytes, IntFunction<ByteBuffer> memory) {
        this.maxBytes = maxBytes;
        this.memory = memory;
    }

    /** Memory as it was allocated, and the whole pages in it. */
    private record Slab(ByteBuffer allocated, ByteBuffer pages) {
        static Slab ofHeap(int sizeBytes) {
            ByteBuffer heap = ByteBuffer.allocate(sizeBytes);
            return new Slab(heap, heap);
        }

        boolean pooled() {
            return allocated.isDirect();
        }
    }

    /** Memory with one owner. */
    public final class Lease {
        private final Slab slab;
        private final int sizeBytes;
        private boolean released;

        private Lease(Slab slab, int sizeBytes) {
            this.slab = slab;
            this.sizeBytes = sizeBytes;
        }

        /** A fresh view of the leased bytes, big endian; it begins at a page boundary unless it is from the heap. */
        public ByteBuffer buffer() {
            return slab.pages().slice(0, sizeBytes);
        }

        /** The leased bytes as a payload whose last close releases this lease. */
        public Payload payload() {
            return payload(0, sizeBytes);
        }

        /** A range of the leased bytes as a payload whose last close releases this lease. */
        public Payload payload(int offset, int length) {
            return Payload.of(List.of(slab.pages().slice(offset, length)), this::release);
        }

        public void release() {
            giveBack(this);
        }
    }

    public synchronized Lease lease(int sizeBytes) {
        Lease direct = leaseDirect(sizeBytes);
        if (direct != null) {
            return direct;
        }
        outstanding++;
        misses++;
        return new Lease(Slab.ofHeap(sizeBytes), sizeBytes);
    }

    /** A lease of whole pages of direct memory, {@code null} where the bound or the pool's end is in the way. */
    public synchronized @Nullable Lease leaseDirect(int sizeBytes) {
        int capacity = capacityFor(sizeBytes);
        if (capacity > LARGEST_BYTES) {
            return null;
        }
        Deque<Slab> slabs = idle.get(capacity);
        Slab slab = slabs == null ? null : slabs.pollLast();
        if (slab == null && !closed && makeRoom(capacity)) {
            slab = allocate(capacity);
        }
        if (slab == null) {
            return null;
        }
        outstanding++;
        return new Lease(slab, sizeBytes);
    }

    /** A new slab, {@code null} where the JVM's own bound of direct memory is lower than the pool's. */
    private @Nullable Slab allocate(int capacity) {
        ByteBuffer allocated;
        try {
            allocated = memory.apply(capacity);
        } catch (OutOfMemoryError e) {
            LOG.debug(
                    "buffer pool: {} bytes of direct memory are the most that the JVM gives: {}",
                    allocatedBytes,
                    e.toString());
            return null;
        }
        allocatedBytes += allocated.capacity();
        return new Slab(allocated, DirectMemory.align(allocated));
    }

    private static int capacityFor(int sizeBytes) {
        if (sizeBytes <= PAGE_BYTES) {
            return PAGE_BYTES;
        }
        int highest = Integer.highestOneBit(sizeBytes - 1);
        int step = highest < COARSE_BYTES ? highest * 2 : highest / 4;
        return (sizeBytes + step - 1) / step * step;
    }

    private boolean makeRoom(int capacity) {
        for (Map.Entry<Integer, Deque<Slab>> each : idle.descendingMap().entrySet()) {
            Deque<Slab> slabs = each.getValue();
            while (!slabs.isEmpty() && allocatedBytes + capacity + PAGE_BYTES > maxBytes) {
                free(slabs.removeLast());
            }
        }
        return allocatedBytes + capacity + PAGE_BYTES <= maxBytes;
    }

    private void free(Slab slab) {
        allocatedBytes -= slab.allocated().capacity();
        DirectMemory.free(slab.allocated());
    }

    private synchronized void giveBack(Lease lease) {
        if (lease.released) {
            throw new IllegalStateException("buffer pool: a lease of " + lease.sizeBytes + " bytes released twice");
        }
        lease.released = true;
        outstanding--;
        if (!lease.slab.pooled()) {
            return;
        }
        if (closed) {
            free(lease.slab);
        } else {
            idle.computeIfAbsent(lease.slab.pages().capacity(), size -> new ArrayDeque<>())
                    .addLast(lease.slab);
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
        for (Deque<Slab> slabs : idle.values()) {
            slabs.forEach(this::free);
            slabs.clear();
        }
    }
}
