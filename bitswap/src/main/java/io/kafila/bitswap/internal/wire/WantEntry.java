package io.kafila.bitswap.internal.wire;

import io.kafila.multiformats.Cid;

/**
 * One line of a wantlist.
 *
 * @param priority the greater the more urgent
 * @param cancel whether the line withdraws an earlier one
 * @param sendDontHave whether the absence of the block shall be answered too
 */
public record WantEntry(Cid cid, int priority, boolean cancel, WantType type, boolean sendDontHave) {

    public static WantEntry block(Cid cid, int priority) {
        return new WantEntry(cid, priority, false, WantType.BLOCK, true);
    }

    public static WantEntry have(Cid cid, int priority) {
        return new WantEntry(cid, priority, false, WantType.HAVE, true);
    }

    public static WantEntry cancel(Cid cid) {
        return new WantEntry(cid, 0, true, WantType.BLOCK, false);
    }
}
