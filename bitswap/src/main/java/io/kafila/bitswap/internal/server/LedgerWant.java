package io.kafila.bitswap.internal.server;

import io.kafila.bitswap.internal.wire.WantType;
import io.kafila.multiformats.Cid;
import java.util.Comparator;

/** One want of a peer, and how far it is. Confined to its ledger. */
final class LedgerWant {
    /** The most urgent first; of equals, the first that came. */
    static final Comparator<LedgerWant> URGENCY = Comparator.comparingInt((LedgerWant want) -> want.priority)
            .reversed()
            .thenComparingLong(want -> want.order);

    enum State {
        /** Whether the block is here is being looked up. */
        LOOKUP,
        /** The block is not here; it is sent when it comes. */
        ABSENT,
        /** The block waits to be sent. */
        READY,
        /** The block is being read or sent. */
        SENDING
    }

    final Cid cid;
    final int priority;
    final long order;
    final WantType type;
    final boolean sendDontHave;

    State state = State.LOOKUP;
    int sizeBytes;
    int failures;
    /** The block has come while it was looked up. */
    boolean added;

    LedgerWant(Cid cid, int priority, long order, WantType type, boolean sendDontHave) {
        this.cid = cid;
        this.priority = priority;
        this.order = order;
        this.type = type;
        this.sendDontHave = sendDontHave;
    }
}
