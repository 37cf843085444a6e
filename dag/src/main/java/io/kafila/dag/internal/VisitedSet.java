package io.kafila.dag.internal;

import io.kafila.multiformats.Cid;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * The Cids that a walk has seen, as fingerprints of 128 bits in an open-addressed table: about 30 bytes each, a tenth of
 * what the Cids would take. Confined to its walk.
 *
 * <p>A fingerprint is the first half of the SHA-256 of the Cid. It must not be made of the Cid's own digest: a link can
 * claim any digest, and one made to collide would hide a block from the mark phase of garbage collection.
 */
final class VisitedSet {
    /** The depth that is answered for what was not seen. */
    static final int UNSEEN = -1;

    private static final int FIRST_CAPACITY = 1 << 10;

    private final MessageDigest sha256;
    private long[] keys = new long[2 * FIRST_CAPACITY];
    private int @Nullable [] depths;
    private int size;

    /** @param withDepths whether {@link #depth} tells them apart; otherwise everything seen is at depth 0 */
    VisitedSet(boolean withDepths) {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java", e);
        }
        depths = withDepths ? new int[FIRST_CAPACITY] : null;
    }

    /** What the set tells Cids apart by. */
    record Fingerprint(long high, long low) {}

    Fingerprint fingerprint(Cid cid) {
        ByteBuffer digest = ByteBuffer.wrap(sha256.digest(cid.bytes()));
        // Two zeros mark a free slot.
        return new Fingerprint(digest.getLong(), digest.getLong() | 1);
    }

    /** The depth at which the Cid was put last, {@link #UNSEEN} where it was not. */
    int depth(Fingerprint cid) {
        int slot = slot(keys, cid.high, cid.low);
        if (isFree(keys, slot)) {
            return UNSEEN;
        }
        return depths == null ? 0 : depths[slot];
    }

    void put(Fingerprint cid, int depth) {
        int slot = slot(keys, cid.high, cid.low);
        if (isFree(keys, slot)) {
            if (3L * (size + 1) > keys.length) {
                grow();
                slot = slot(keys, cid.high, cid.low);
            }
            keys[2 * slot] = cid.high;
            keys[2 * slot + 1] = cid.low;
            size++;
        }
        if (depths != null) {
            depths[slot] = depth;
        }
    }

    private static boolean isFree(long[] table, int slot) {
        return table[2 * slot + 1] == 0;
    }

    private static int slot(long[] table, long high, long low) {
        int mask = table.length / 2 - 1;
        int slot = (int) high & mask;
        while (!isFree(table, slot) && (table[2 * slot] != high || table[2 * slot + 1] != low)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] old = keys;
        int[] oldDepths = depths;
        long[] wider = new long[Math.multiplyExact(2, old.length)];
        int[] widerDepths = oldDepths == null ? null : new int[2 * oldDepths.length];
        for (int slot = 0; slot < old.length / 2; slot++) {
            if (isFree(old, slot)) {
                continue;
            }
            int to = slot(wider, old[2 * slot], old[2 * slot + 1]);
            wider[2 * to] = old[2 * slot];
            wider[2 * to + 1] = old[2 * slot + 1];
            if (oldDepths != null && widerDepths != null) {
                widerDepths[to] = oldDepths[slot];
            }
        }
        keys = wider;
        depths = widerDepths;
    }
}
