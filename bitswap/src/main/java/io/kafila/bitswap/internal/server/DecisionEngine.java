package io.kafila.bitswap.internal.server;

import io.kafila.bitswap.internal.server.LedgerWant.State;
import io.kafila.bitswap.internal.wire.Presence;
import io.kafila.bitswap.internal.wire.WantEntry;
import io.kafila.bitswap.internal.wire.WantType;
import io.kafila.blockstore.Block;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.PeerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is sent to whom next.
 *
 * <p>Among the peers for whom a block is ready and whose window has room, the one with the least bytes outstanding is next,
 * and of equals the one that was served least; within a peer the want of the highest priority. So a peer that takes its
 * blocks slowly holds up nobody, and many wants of one peer do not delay the few of another. Small blocks are gathered into
 * one message; a large one goes alone.
 *
 * <p>Does no I/O: {@link #wants} answers which Cids are to be looked up, {@link #next} which blocks are to be read and sent.
 * Confined to one thread.
 */
final class DecisionEngine {
    private final EngineOptions options;
    private final Map<PeerId, Ledger> ledgers = new LinkedHashMap<>();
    /** The ledgers with something to send. */
    private final Set<Ledger> busy = new LinkedHashSet<>();
    /** Who waits for a block that is not here, as far as known. */
    private final Map<Multihash, Set<Ledger>> waiting = new HashMap<>();

    private long outstandingBytes;
    private long nextOrder;
    private long droppedWants;

    DecisionEngine(EngineOptions options) {
        this.options = options;
    }

    /** Takes a wantlist; answers the Cids whose sizes must be told with {@link #found}. */
    List<Cid> wants(PeerId peer, boolean full, List<WantEntry> entries) {
        Ledger ledger = ledgers.computeIfAbsent(peer, id -> new Ledger(id, options.maxWantsPerPeer()));
        if (full) {
            Set<Cid> kept = new HashSet<>();
            entries.forEach(entry -> kept.add(entry.cid()));
            for (LedgerWant want : List.copyOf(ledger.wants())) {
                if (!kept.contains(want.cid)) {
                    drop(ledger, want);
                }
            }
        }
        Set<Cid> lookups = new LinkedHashSet<>();
        for (WantEntry entry : entries) {
            LedgerWant old = ledger.want(entry.cid());
            if (entry.cancel()) {
                ledger.unsay(entry.cid());
                if (old != null) {
                    drop(ledger, old);
                }
                lookups.remove(entry.cid());
                continue;
            }
            if (old != null) {
                if (old.state == State.SENDING || (old.state == State.READY && old.type == WantType.BLOCK)) {
                    // It is on its way.
                    continue;
                }
                drop(ledger, old);
            }
            // Who asks whether a block is here after asking for it still wants it: Go's broadcasts do so.
            WantType type = old != null && old.type == WantType.BLOCK ? WantType.BLOCK : entry.type();
            LedgerWant want = new LedgerWant(entry.cid(), entry.priority(), nextOrder++, type, entry.sendDontHave());
            lookUp(ledger, want);
            LedgerWant dropped = ledger.add(want);
            if (dropped != null) {
                forget(ledger, dropped);
                droppedWants++;
                lookups.remove(dropped.cid);
            }
            if (dropped != want) {
                lookups.add(want.cid);
            }
        }
        if (ledger.isEmpty() && ledger.messages == 0) {
            ledgers.remove(peer);
            return List.of();
        }
        if (!options.serve()) {
            lookups.forEach(cid -> found(peer, cid, OptionalInt.empty()));
            return List.of();
        }
        return List.copyOf(lookups);
    }

    /**
     * The size of a block that was looked up for a peer, empty where it is absent; answers whether to look again, because
     * the block has come meanwhile.
     */
    boolean found(PeerId peer, Cid cid, OptionalInt size) {
        Ledger ledger = ledgers.get(peer);
        LedgerWant want = ledger == null ? null : ledger.want(cid);
        if (ledger == null || want == null || want.state != State.LOOKUP) {
            return false;
        }
        if (size.isPresent() && size.getAsInt() <= Block.MAX_SIZE_BYTES) {
            forget(ledger, want);
            present(ledger, want, size.getAsInt());
            return false;
        }
        if (want.added) {
            want.added = false;
            return true;
        }
        want.state = State.ABSENT;
        if (want.sendDontHave) {
            say(ledger, cid, false);
        }
        return false;
    }

    private void lookUp(Ledger ledger, LedgerWant want) {
        want.state = State.LOOKUP;
        waiting.computeIfAbsent(want.cid.multihash(), ignored -> new HashSet<>(2))
                .add(ledger);
    }

    private void present(Ledger ledger, LedgerWant want, int sizeBytes) {
        if (want.type == WantType.HAVE && sizeBytes > EngineOptions.HAVE_REPLACE_BYTES) {
            ledger.remove(want);
            say(ledger, want.cid, true);
        } else {
            ledger.unsay(want.cid);
            ledger.ready(want, sizeBytes);
            busy(ledger);
        }
    }

    private void say(Ledger ledger, Cid cid, boolean has) {
        if (ledger.say(cid, has)) {
            busy(ledger);
        } else {
            droppedWants++;
        }
    }

    /** Blocks have come; answers what is to be looked up, as pairs of a peer and a Cid. */
    Map<PeerId, List<Cid>> added(Collection<Cid> cids) {
        if (!options.serve()) {
            return Map.of();
        }
        Map<PeerId, List<Cid>> lookups = new LinkedHashMap<>();
        for (Cid cid : cids) {
            for (Ledger ledger : waiting.getOrDefault(cid.multihash(), Set.of())) {
                // The want may name the block by another Cid with the same multihash.
                for (LedgerWant want : ledger.wants()) {
                    if (!want.cid.multihash().equals(cid.multihash())) {
                        continue;
                    }
                    if (want.state == State.LOOKUP) {
                        want.added = true;
                    } else if (want.state == State.ABSENT) {
                        want.state = State.LOOKUP;
                        lookups.computeIfAbsent(ledger.peer, ignored -> new ArrayList<>())
                                .add(want.cid);
                    }
                }
            }
        }
        return lookups;
    }

    /** A peer is gone, and its wants with it. */
    void lost(PeerId peer) {
        Ledger ledger = ledgers.remove(peer);
        if (ledger != null) {
            List.copyOf(ledger.wants()).forEach(want -> drop(ledger, want));
            busy.remove(ledger);
            outstandingBytes -= ledger.outstandingBytes;
        }
    }

    /** What to send next, {@code null} where there is nothing or nothing has room. */
    @Nullable
    Envelope next() {
        Ledger best = null;
        for (Ledger ledger : busy) {
            if (sendable(ledger)
                    && (best == null
                            || ledger.outstandingBytes < best.outstandingBytes
                            || (ledger.outstandingBytes == best.outstandingBytes
                                    && ledger.servedBytes < best.servedBytes))) {
                best = ledger;
            }
        }
        return best == null ? null : envelope(best);
    }

    private boolean sendable(Ledger ledger) {
        LedgerWant first = ledger.peek();
        // Presences alone may pass a full window, one message of them at a time.
        return (first != null && hasRoom(ledger, first.sizeBytes))
                || (ledger.hasPresences() && (ledger.messages == 0 || hasRoom(ledger, 0)));
    }

    private boolean hasRoom(Ledger ledger, long bytes) {
        return (ledger.outstandingBytes == 0 || ledger.outstandingBytes + bytes <= options.maxOutstandingBytesPerPeer())
                && (outstandingBytes == 0 || outstandingBytes + bytes <= options.maxOutstandingBytes());
    }

    private Envelope envelope(Ledger ledger) {
        List<Presence> presences = new ArrayList<>();
        ledger.takePresences().forEach(entry -> presences.add(new Presence(entry.getKey(), entry.getValue())));
        List<LedgerWant> wants = new ArrayList<>();
        long bytes = 0;
        for (LedgerWant want = ledger.peek();
                want != null
                        && wants.size() < EngineOptions.MAX_BLOCKS_PER_MESSAGE
                        && (wants.isEmpty() || bytes + want.sizeBytes <= EngineOptions.TARGET_MESSAGE_BYTES)
                        && hasRoom(ledger, want.sizeBytes);
                want = ledger.peek()) {
            wants.add(ledger.take());
            outstandingBytes += want.sizeBytes;
            bytes += want.sizeBytes;
        }
        ledger.messages++;
        ledger.servedBytes += bytes + EngineOptions.HAVE_REPLACE_BYTES;
        if (ledger.peek() == null && !ledger.hasPresences()) {
            busy.remove(ledger);
        }
        return new Envelope(ledger, wants, presences, bytes, ledger.readyBytes());
    }

    /** Whether a want of an envelope is still open, or was cancelled meanwhile. */
    boolean isWanted(Envelope envelope, LedgerWant want) {
        Ledger ledger = envelope.ledger();
        return ledgers.get(ledger.peer) == ledger && ledger.want(want.cid) == want;
    }

    /** A block of an envelope turned out not to be here any more. */
    void missing(Envelope envelope, LedgerWant want) {
        if (isWanted(envelope, want)) {
            lookUp(envelope.ledger(), want);
            found(envelope.peer(), want.cid, OptionalInt.empty());
        }
    }

    /** An envelope is on the wire. */
    void sent(Envelope envelope) {
        Ledger ledger = done(envelope);
        if (ledger != null) {
            for (LedgerWant want : envelope.wants()) {
                if (want.state == State.SENDING) {
                    ledger.remove(want);
                }
            }
            prune(ledger);
        }
    }

    /** An envelope could not be sent; what it held is tried again a few times. */
    void failed(Envelope envelope) {
        Ledger ledger = done(envelope);
        if (ledger == null) {
            return;
        }
        for (LedgerWant want : envelope.wants()) {
            if (ledger.want(want.cid) != want || want.state != State.SENDING) {
                continue;
            }
            if (++want.failures >= EngineOptions.MAX_FAILURES) {
                ledger.remove(want);
            } else {
                ledger.ready(want, want.sizeBytes);
                busy(ledger);
            }
        }
        prune(ledger);
    }

    private @Nullable Ledger done(Envelope envelope) {
        Ledger ledger = envelope.ledger();
        if (ledgers.get(ledger.peer) != ledger) {
            // The peer is gone, maybe to come back with a new ledger.
            return null;
        }
        ledger.messages--;
        ledger.outstandingBytes -= envelope.bytes();
        outstandingBytes -= envelope.bytes();
        return ledger;
    }

    private void prune(Ledger ledger) {
        if (ledger.isEmpty() && ledger.messages == 0) {
            ledgers.remove(ledger.peer);
            busy.remove(ledger);
        }
    }

    private void drop(Ledger ledger, LedgerWant want) {
        ledger.remove(want);
        forget(ledger, want);
    }

    /** Takes a want out of those that wait for their block. */
    private void forget(Ledger ledger, LedgerWant want) {
        Multihash key = want.cid.multihash();
        Set<Ledger> all = waiting.get(key);
        if ((want.state == State.ABSENT || want.state == State.LOOKUP) && all != null) {
            all.remove(ledger);
            if (all.isEmpty()) {
                waiting.remove(key);
            }
        }
    }

    private void busy(Ledger ledger) {
        if (busy.add(ledger)) {
            // Who was away does not get what it did not ask for then.
            long least = Long.MAX_VALUE;
            for (Ledger other : busy) {
                least = other == ledger ? least : Math.min(least, other.servedBytes);
            }
            if (least != Long.MAX_VALUE) {
                ledger.servedBytes = Math.max(ledger.servedBytes, least);
            }
        }
    }

    /** What a peer wants and has not got, the most urgent first. */
    List<Cid> wantlist(PeerId peer) {
        Ledger ledger = ledgers.get(peer);
        return ledger == null
                ? List.of()
                : ledger.wants().stream().map(want -> want.cid).toList();
    }

    Set<PeerId> peers() {
        return Set.copyOf(ledgers.keySet());
    }

    long outstandingBytes() {
        return outstandingBytes;
    }

    /** The wants that were dropped since the last call because their peers had too many. */
    long takeDroppedWants() {
        long dropped = droppedWants;
        droppedWants = 0;
        return dropped;
    }
}
