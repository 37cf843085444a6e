package io.kafila.bitswap.internal.server;

import io.kafila.multiformats.Cid;
import io.kafila.multiformats.PeerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What one peer wants and what is on its way to it. Confined to its engine. */
final class Ledger {
    final PeerId peer;
    private final int maxWants;
    private final Map<Cid, LedgerWant> wants = new HashMap<>();
    private final TreeSet<LedgerWant> byUrgency = new TreeSet<>(LedgerWant.URGENCY);
    private final TreeSet<LedgerWant> ready = new TreeSet<>(LedgerWant.URGENCY);
    private final Map<Cid, Boolean> presences = new LinkedHashMap<>();
    private long readyBytes;

    /** The bytes of blocks that were taken to be sent and are not yet on the wire. */
    long outstandingBytes;
    /** How many messages are on their way. */
    int messages;
    /** The bytes it was served, or was considered served when it came back: the clock of fairness. */
    long servedBytes;

    Ledger(PeerId peer, int maxWants) {
        this.peer = peer;
        this.maxWants = maxWants;
    }

    @Nullable
    LedgerWant want(Cid cid) {
        return wants.get(cid);
    }

    Collection<LedgerWant> wants() {
        return byUrgency;
    }

    boolean isEmpty() {
        return wants.isEmpty() && presences.isEmpty();
    }

    /** Adds a want; answers the one that had to make room, which may be the same. */
    @Nullable
    LedgerWant add(LedgerWant want) {
        wants.put(want.cid, want);
        byUrgency.add(want);
        if (wants.size() <= maxWants) {
            return null;
        }
        LedgerWant least = byUrgency.last();
        remove(least);
        return least;
    }

    void remove(LedgerWant want) {
        if (wants.remove(want.cid, want)) {
            byUrgency.remove(want);
            unready(want);
        }
    }

    void ready(LedgerWant want, int sizeBytes) {
        want.state = LedgerWant.State.READY;
        want.sizeBytes = sizeBytes;
        if (ready.add(want)) {
            readyBytes += sizeBytes;
        }
    }

    private void unready(LedgerWant want) {
        if (ready.remove(want)) {
            readyBytes -= want.sizeBytes;
        }
    }

    /** The block to send next; it stays. */
    @Nullable
    LedgerWant peek() {
        return ready.isEmpty() ? null : ready.first();
    }

    /** Takes the block to send next. */
    LedgerWant take() {
        LedgerWant want = ready.first();
        unready(want);
        want.state = LedgerWant.State.SENDING;
        outstandingBytes += want.sizeBytes;
        return want;
    }

    long readyBytes() {
        return readyBytes;
    }

    /** Notes what is to be said of a block's presence; answers whether there was room for it. */
    boolean say(Cid cid, boolean has) {
        if (presences.size() >= maxWants && !presences.containsKey(cid)) {
            return false;
        }
        presences.put(cid, has);
        return true;
    }

    void unsay(Cid cid) {
        presences.remove(cid);
    }

    boolean hasPresences() {
        return !presences.isEmpty();
    }

    List<Map.Entry<Cid, Boolean>> takePresences() {
        List<Map.Entry<Cid, Boolean>> taken = new ArrayList<>();
        presences.forEach((cid, has) -> taken.add(Map.entry(cid, has)));
        presences.clear();
        return taken;
    }
}
