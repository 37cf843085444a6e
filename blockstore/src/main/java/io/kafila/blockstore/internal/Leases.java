package io.kafila.blockstore.internal;

import io.kafila.blockstore.BlockRepository;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/**
 * What open leases keep: the keys touched since the oldest of them was opened, as hashes. Guarded by its user's lock,
 * but for {@link Lease}, which takes that lock itself.
 *
 * <p>Each lease begins a generation, and a touch goes into the youngest. When a lease ends, the generations older than
 * the oldest lease that is left are dropped, and a generation whose own lease is gone is merged into the one before it,
 * so there are never more generations than leases.
 */
public final class Leases {
    private final Object lock;
    private final TreeMap<Long, LongSet> generations = new TreeMap<>();
    private long opened;

    /** @param lock what guards this object */
    public Leases(Object lock) {
        this.lock = lock;
    }

    public BlockRepository.Lease open() {
        synchronized (lock) {
            long id = opened++;
            generations.put(id, new LongSet());
            return new Lease(id);
        }
    }

    /** Notes that a key was put, found or referenced. */
    public void touch(byte[] key) {
        if (!generations.isEmpty()) {
            generations.lastEntry().getValue().add(Keys.hash(key));
        }
    }

    public boolean active() {
        return !generations.isEmpty();
    }

    /** Whether an open lease keeps the key. */
    public boolean keeps(byte[] key) {
        if (generations.isEmpty()) {
            return false;
        }
        long hash = Keys.hash(key);
        for (LongSet touched : generations.values()) {
            if (touched.contains(hash)) {
                return true;
            }
        }
        return false;
    }

    private void end(long id) {
        LongSet touched = generations.remove(id);
        Map.Entry<Long, LongSet> before = generations.lowerEntry(id);
        if (touched != null && before != null) {
            before.getValue().addAll(touched);
        }
    }

    /** How many keys are kept, at most: one that was touched in two generations counts twice. */
    public long size() {
        long size = 0;
        for (Iterator<LongSet> sets = generations.values().iterator(); sets.hasNext(); ) {
            size += sets.next().size();
        }
        return size;
    }

    private final class Lease implements BlockRepository.Lease {
        private final long id;
        private boolean closed;

        Lease(long id) {
            this.id = id;
        }

        @Override
        public void close() {
            synchronized (lock) {
                if (!closed) {
                    closed = true;
                    end(id);
                }
            }
        }
    }
}
