package io.kafila.blockstore.internal;

/**
 * A growing set of 64-bit hashes by open addressing: about 16 bytes for each. Not thread-safe.
 *
 * <p>It stands for a set of keys where an answer of "contained" for a key that is not does no harm, such as what garbage
 * collection keeps.
 */
public final class LongSet {
    private static final int FIRST_CAPACITY = 64;

    private long[] slots = new long[FIRST_CAPACITY];
    private int used;
    private boolean containsZero;

    /** Adds a hash; answers whether it was new. */
    public boolean add(long hash) {
        if (hash == 0) {
            boolean added = !containsZero;
            containsZero = true;
            return added;
        }
        int slot = slotOf(slots, hash);
        if (slots[slot] == hash) {
            return false;
        }
        slots[slot] = hash;
        used++;
        if (used > slots.length / 2) {
            grow();
        }
        return true;
    }

    public boolean contains(long hash) {
        return hash == 0 ? containsZero : slots[slotOf(slots, hash)] == hash;
    }

    public int size() {
        return containsZero ? used + 1 : used;
    }

    /** Adds all of {@code other}. */
    public void addAll(LongSet other) {
        if (other.containsZero) {
            containsZero = true;
        }
        for (long hash : other.slots) {
            if (hash != 0) {
                add(hash);
            }
        }
    }

    private void grow() {
        long[] larger = new long[Math.multiplyExact(slots.length, 2)];
        for (long hash : slots) {
            if (hash != 0) {
                larger[slotOf(larger, hash)] = hash;
            }
        }
        slots = larger;
    }

    private static int slotOf(long[] slots, long hash) {
        int mask = slots.length - 1;
        long mixed = hash * 0x9E3779B97F4A7C15L;
        int slot = (int) (mixed >>> 32) & mask;
        while (slots[slot] != 0 && slots[slot] != hash) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
