package io.kafila.dht.internal.provide;

import io.kafila.dht.internal.key.KadKey;
import java.util.Arrays;

/**
 * What is to be provided, and when: for each of 65,536 equal parts of the keyspace how many keys it holds, how many of them were
 * never provided, and when the one that waits longest was. About 1 MiB whatever the number of keys. Confined to one thread.
 */
final class ProvideSchedule {
    /** Parts are as many as two bytes can name, so that the store can scan one by its prefix. */
    static final int PART_BITS = 16;

    static final int PARTS = 1 << PART_BITS;

    private final int[] keys = new int[PARTS];
    private final int[] fresh = new int[PARTS];
    private final long[] oldestMs = new long[PARTS];

    /** Before this a part is left alone, because nobody could be told of its keys. */
    private final long[] notBeforeMs = new long[PARTS];

    private long keyCount;
    private long freshCount;

    ProvideSchedule() {
        Arrays.fill(oldestMs, Long.MAX_VALUE);
    }

    static int part(KadKey at) {
        byte[] bytes = at.bytes();
        return (bytes[0] & 0xFF) << 8 | (bytes[1] & 0xFF);
    }

    static Region region(int part) {
        byte[] bytes = new byte[KadKey.BYTES];
        bytes[0] = (byte) (part >> 8);
        bytes[1] = (byte) part;
        return new Region(KadKey.of(bytes), PART_BITS);
    }

    /** Forgets what a part holds, before it is counted anew. */
    void reset(int part) {
        keyCount -= keys[part];
        freshCount -= fresh[part];
        keys[part] = 0;
        fresh[part] = 0;
        oldestMs[part] = Long.MAX_VALUE;
    }

    void count(ProvideStore.Key key) {
        int part = part(key.at());
        keys[part]++;
        keyCount++;
        if (key.providedMs() == 0) {
            fresh[part]++;
            freshCount++;
        } else {
            oldestMs[part] = Math.min(oldestMs[part], key.providedMs());
        }
    }

    void leaveAlone(int part, long untilMs) {
        notBeforeMs[part] = untilMs;
    }

    /** The first part at or behind {@code from}, going round, with a key that was never provided; -1 for none. */
    int nextFresh(int from, long nowMs) {
        if (freshCount > 0) {
            for (int i = 0; i < PARTS; i++) {
                int part = (from + i) % PARTS;
                if (fresh[part] > 0 && notBeforeMs[part] <= nowMs) {
                    return part;
                }
            }
        }
        return -1;
    }

    /** The first part at or behind {@code from}, going round, with a key that was provided at or before {@code limitMs}; -1 for none. */
    int nextDue(int from, long limitMs, long nowMs) {
        for (int i = 0; i < PARTS; i++) {
            int part = (from + i) % PARTS;
            if (oldestMs[part] <= limitMs && notBeforeMs[part] <= nowMs) {
                return part;
            }
        }
        return -1;
    }

    /** How many parts hold a key that was provided at or before {@code limitMs}. */
    int dueParts(long limitMs) {
        int count = 0;
        for (long oldest : oldestMs) {
            if (oldest <= limitMs) {
                count++;
            }
        }
        return count;
    }

    int freshParts() {
        int count = 0;
        for (int part : fresh) {
            if (part > 0) {
                count++;
            }
        }
        return count;
    }

    /** The part whose key waits longest, -1 without any. */
    int oldestPart() {
        int oldest = -1;
        for (int part = 0; part < PARTS; part++) {
            if (oldestMs[part] != Long.MAX_VALUE && (oldest < 0 || oldestMs[part] < oldestMs[oldest])) {
                oldest = part;
            }
        }
        return oldest;
    }

    long oldestMs(int part) {
        return oldestMs[part];
    }

    /** How many of the regions with this many bits hold keys. */
    int regions(int bits) {
        int step = bits >= PART_BITS ? 1 : PARTS >> bits;
        int count = 0;
        for (int start = 0; start < PARTS; start += step) {
            for (int part = start; part < start + step; part++) {
                if (keys[part] > 0) {
                    count++;
                    break;
                }
            }
        }
        return count;
    }

    long keyCount() {
        return keyCount;
    }

    long freshCount() {
        return freshCount;
    }
}
