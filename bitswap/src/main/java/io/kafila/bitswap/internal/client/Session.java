package io.kafila.bitswap.internal.client;

import io.kafila.bitswap.internal.client.Want.Ask;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.PeerId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The brain of a fetch: which block is asked of which peer, and when.
 *
 * <p>It takes events with their time and tells a {@link SessionOutput}; events only note what happened, and {@link #advance}
 * draws the conclusions, so a driver calls it after each bundle of events and some times a second. Confined to one thread.
 *
 * <p>A want waits in the backlog until the budget admits it. Admitted, it is <em>open</em> until a peer is asked for the
 * block, namely the one that will deliver soonest by its measured throughput and what is queued there; so all peers that
 * have shown to have blocks of the session share its wants in proportion to their speed. A want that no such peer can
 * serve is <em>stuck</em>: all connected peers are asked whether they have it, and after a while providers are looked for.
 * An ask that is not answered by its deadline, which comes from the measured speed, moves to another peer. When nothing
 * is left to ask, an idle peer races a slow one for its last wants.
 */
public final class Session {
    private static final Comparator<Want> URGENCY = Comparator.comparingLong(want -> want.order);

    /** Deadlines, races and searches are looked at no more often than this. */
    private static final long CHECK_NANOS = 10_000_000L;

    private static final long COOLING_NANOS = 10_000_000_000L;

    /** A running session looks for more providers after ten seconds and then each minute. */
    private static final long ENRICH_AFTER_NANOS = 10_000_000_000L;

    private static final long ENRICH_NANOS = 60_000_000_000L;

    private final SessionOptions options;
    private final SessionOutput out;
    private final Map<Multihash, Want> wants = new LinkedHashMap<>();
    private final Map<PeerId, SessionPeer> peers = new LinkedHashMap<>();
    private final Map<PeerId, Set<Multihash>> claims = new HashMap<>();
    private final SizeEstimates sizes = new SizeEstimates();
    private final Deque<Want> backlog = new ArrayDeque<>();
    private final TreeSet<Want> open = new TreeSet<>(URGENCY);
    private final TreeSet<Want> stuck = new TreeSet<>(URGENCY);

    private long nextOrder;
    private int active;
    private long activeBytes;
    private long storingBytes;
    private long heldBytes;
    private long peersEpoch;
    private long nextCheck = Long.MIN_VALUE;
    private long nextRebroadcast;
    private boolean searching;
    private long nextSearch = Long.MIN_VALUE;
    private long searchBackoff = SessionOptions.SEARCH_BACKOFF_NANOS;
    private long nextEnrich = Long.MAX_VALUE;
    private long racedAsks;

    public Session(SessionOptions options, SessionOutput out) {
        this.options = options;
        this.out = out;
    }

    // What the reader wants

    /** Wants a block, after all that were wanted before. A second want for the same block is the same. */
    public void want(Cid cid, long now) {
        if (wants.containsKey(cid.multihash())) {
            return;
        }
        Want want = new Want(cid, nextOrder++);
        wants.put(want.key(), want);
        backlog.add(want);
        if (nextEnrich == Long.MAX_VALUE) {
            nextEnrich = now + ENRICH_AFTER_NANOS;
        }
    }

    /** Withdraws a want. */
    public void cancel(Multihash key) {
        Want want = wants.remove(key);
        if (want != null) {
            finish(want, null);
        }
    }

    /** The bytes of a received block are in the store and no longer this session's burden, but the reader's. */
    public void delivered(int sizeBytes) {
        storingBytes -= sizeBytes;
        heldBytes += sizeBytes;
    }

    /** The reader has let go of bytes that were delivered. */
    public void released(int sizeBytes) {
        heldBytes -= sizeBytes;
    }

    // What peers do

    /** A connected peer can be asked. {@code roundTripNanos} is 0 while unknown. */
    public void peerReady(PeerId id, boolean presences, long roundTripNanos, long now) {
        if (peers.containsKey(id)) {
            return;
        }
        SessionPeer peer = new SessionPeer(id, presences);
        peer.rate.roundTrip(roundTripNanos);
        peers.put(id, peer);
        peersEpoch++;
        Set<Multihash> claimed = claims.remove(id);
        if (claimed != null) {
            claimed.forEach(key -> claim(peer, key));
        }
        probe(peer, now);
    }

    /** A peer is gone, or is no longer to be asked; what it owes goes elsewhere. */
    public void peerLost(PeerId id) {
        SessionPeer peer = peers.remove(id);
        if (peer == null) {
            return;
        }
        List<Want> owed = new ArrayList<>(peer.asks.keySet());
        for (Want want : wants.values()) {
            if (!want.admitted) {
                break;
            }
            want.forget(peer);
        }
        for (Want want : owed) {
            if (want.asks.isEmpty()) {
                reopen(want);
            }
        }
    }

    /** A peer says that it has a block. */
    public void have(PeerId id, Multihash key, long now) {
        SessionPeer peer = peers.get(id);
        if (peer == null) {
            return;
        }
        Want want = wants.get(key);
        if (want != null && want.admitted) {
            Long askedAt = want.haveAsked.remove(peer);
            if (askedAt != null) {
                peer.rate.answered(askedAt, now);
            }
            want.misses.remove(peer);
            want.haves.add(peer);
            if (want.asks.isEmpty()) {
                reopen(want);
            }
        }
        peer.missesInRow = 0;
        searchBackoff = SessionOptions.SEARCH_BACKOFF_NANOS;
        proveUseful(peer);
    }

    /** A peer says that it does not have a block. */
    public void dontHave(PeerId id, Multihash key, long now) {
        SessionPeer peer = peers.get(id);
        Want want = wants.get(key);
        if (peer == null || want == null || !want.admitted) {
            return;
        }
        Long askedAt = want.haveAsked.remove(peer);
        if (askedAt != null) {
            peer.rate.answered(askedAt, now);
        }
        want.haves.remove(peer);
        want.misses.add(peer);
        Ask ask = want.asks.remove(peer);
        if (ask != null) {
            peer.remove(want);
            peer.answeredOrder = Math.max(peer.answeredOrder, ask.order);
            peer.rate.answered(ask.sentAt, now);
            peer.missesInRow++;
            peer.misses++;
            if (want.asks.isEmpty()) {
                reopen(want);
            }
        }
    }

    /**
     * A block has come and is verified.
     *
     * @param from who sent it; {@code null} where it appeared in the store by itself
     * @param arrivedAt when its last byte was here
     * @return whether this session wanted it; if so, {@link #delivered} follows
     */
    public boolean received(@Nullable PeerId from, Multihash key, int sizeBytes, long arrivedAt) {
        Want want = wants.remove(key);
        if (want == null) {
            return false;
        }
        sizes.seen(want.cid, sizeBytes);
        storingBytes += sizeBytes;
        SessionPeer peer = from == null ? null : peers.get(from);
        if (peer != null) {
            Ask ask = want.asks.get(peer);
            if (ask != null) {
                peer.rate.delivered(sizeBytes, ask.sentAt, arrivedAt);
                peer.answeredOrder = Math.max(peer.answeredOrder, ask.order);
                if (sizeBytes <= 16 * 1024) {
                    peer.rate.answered(ask.sentAt, arrivedAt);
                }
            }
            peer.hits++;
            peer.delivered++;
            peer.missesInRow = 0;
            peer.timeoutsInRow = 0;
            peer.lastDeliveredAt = arrivedAt;
            searchBackoff = SessionOptions.SEARCH_BACKOFF_NANOS;
        }
        finish(want, peer);
        if (peer != null) {
            proveUseful(peer);
        }
        return true;
    }

    /** Routing says that a peer has a block; the peer need not be connected yet. */
    public void providerFound(PeerId id, Multihash key) {
        SessionPeer peer = peers.get(id);
        if (peer != null) {
            claim(peer, key);
        } else if (claims.size() < 64) {
            claims.computeIfAbsent(id, ignored -> new HashSet<>()).add(key);
        }
    }

    /** The search that {@link SessionOutput#findProviders} began is over. */
    public void searchEnded(long now) {
        searching = false;
        nextSearch = now + searchBackoff;
        searchBackoff = Math.min(2 * searchBackoff, SessionOptions.MAX_SEARCH_BACKOFF_NANOS);
    }

    /** Draws the conclusions from the events and from the time. */
    public void advance(long now) {
        boolean check = now >= nextCheck;
        if (check) {
            nextCheck = now + CHECK_NANOS;
            expire(now);
        }
        admit();
        assign(now);
        broadcast(now);
        if (check) {
            race(now);
            search(now);
        }
    }

    /** Whether there is nothing to do, however much time passes. */
    public boolean isIdle() {
        return wants.isEmpty();
    }

    public boolean wants(Multihash key) {
        return wants.containsKey(key);
    }

    public int wantCount() {
        return wants.size();
    }

    /** The bytes that are asked for or on their way to the store, as far as known. */
    public long inFlightBytes() {
        return activeBytes + storingBytes;
    }

    /** How many asks were duplicates on purpose. */
    public long racedAsks() {
        return racedAsks;
    }

    /** The bytes that a peer owes. */
    public long outstandingBytes(PeerId id) {
        SessionPeer peer = peers.get(id);
        return peer == null ? 0 : peer.outstandingBytes;
    }

    // Admission

    private void admit() {
        // What the reader holds counts, but never so far that the pipeline runs dry.
        long limit = Math.max(options.budgetBytes() - heldBytes, options.budgetBytes() / 4);
        while (!backlog.isEmpty() && active < SessionOptions.MAX_ACTIVE_WANTS) {
            Want want = backlog.element();
            if (!want.done) {
                long bytes = sizes.of(want.cid);
                if (active > 0 && activeBytes + storingBytes + bytes > limit) {
                    return;
                }
                want.estimatedBytes = bytes;
                want.admitted = true;
                active++;
                activeBytes += bytes;
                open.add(want);
            }
            backlog.remove();
        }
    }

    private void finish(Want want, @Nullable SessionPeer by) {
        want.done = true;
        open.remove(want);
        stuck.remove(want);
        if (want.admitted) {
            active--;
            activeBytes -= want.estimatedBytes;
        }
        want.asks.keySet().forEach(peer -> peer.remove(want));
        for (SessionPeer peer : want.told) {
            if (peer != by) {
                out.cancel(peer.id, want.cid);
            }
        }
    }

    /** A want lost what it waited for. */
    private void reopen(Want want) {
        if (!want.done) {
            stuck.remove(want);
            open.add(want);
        }
    }

    // Asking

    private boolean candidate(Want want, SessionPeer peer) {
        return !want.asks.containsKey(peer)
                && !want.misses.contains(peer)
                && !want.cooling.containsKey(peer)
                && (want.haves.contains(peer) || (peer.useful && peer.missesInRow < SessionOptions.MAX_MISSES));
    }

    private void assign(long now) {
        if (open.isEmpty()) {
            return;
        }
        List<Want> nobody = new ArrayList<>();
        List<Want> asked = new ArrayList<>();
        for (Want want : open) {
            boolean room = false;
            boolean any = false;
            SessionPeer best = null;
            double bestEta = Double.MAX_VALUE;
            for (SessionPeer peer : peers.values()) {
                boolean hasRoom = peer.hasRoom(want.estimatedBytes, options.budgetBytes());
                room |= hasRoom && (peer.useful || want.haves.contains(peer));
                if (!candidate(want, peer)) {
                    continue;
                }
                any = true;
                double eta = peer.etaNanos(want.estimatedBytes) / (want.haves.contains(peer) ? 1 : peer.hitRate());
                if (hasRoom && eta < bestEta) {
                    best = peer;
                    bestEta = eta;
                }
            }
            if (best != null) {
                ask(want, best, false, now);
                asked.add(want);
            } else if (!any) {
                nobody.add(want);
            } else if (!room) {
                break;
            }
        }
        asked.forEach(open::remove);
        for (Want want : nobody) {
            open.remove(want);
            want.stuckSince = now;
            want.broadcastEpoch = -1;
            stuck.add(want);
        }
    }

    private void ask(Want want, SessionPeer peer, boolean guess, long now) {
        Ask ask = new Ask(now, peer.nextOrder++, want.estimatedBytes, guess);
        ask.deadline = now + timeout(peer, want.estimatedBytes);
        want.asks.put(peer, ask);
        want.told.add(peer);
        want.haveAsked.remove(peer);
        peer.add(want, ask);
        out.wantBlock(peer.id, want.cid);
    }

    private long timeout(SessionPeer peer, long bytes) {
        long expected = peer.delivered > 0
                ? 4 * peer.etaNanos(bytes)
                : 20 * peer.rate.latencyNanos() + options.minTimeoutNanos() + options.maxTimeoutNanos() / 10;
        return Math.min(options.maxTimeoutNanos(), Math.max(options.minTimeoutNanos(), expected));
    }

    private void proveUseful(SessionPeer peer) {
        if (peer.useful) {
            return;
        }
        peer.useful = true;
        for (Want want : List.copyOf(stuck)) {
            if (want.asks.isEmpty() && candidate(want, peer)) {
                reopen(want);
            }
        }
    }

    private void claim(SessionPeer peer, Multihash key) {
        Want want = wants.get(key);
        if (want != null && want.admitted && !want.misses.contains(peer)) {
            want.haves.add(peer);
            if (want.asks.isEmpty()) {
                reopen(want);
            }
        }
    }

    /** Asks a newcomer about some wants of a running session. */
    private void probe(SessionPeer peer, long now) {
        if (!peer.presences) {
            return;
        }
        int asked = 0;
        // The last admitted will be here last, so an answer is still of use then.
        List<Want> admitted = new ArrayList<>();
        for (Want want : wants.values()) {
            if (!want.admitted) {
                break;
            }
            admitted.add(want);
        }
        for (int i = admitted.size() - 1; i >= 0 && asked < 8; i--) {
            if (!stuck.contains(admitted.get(i))) {
                askPresence(admitted.get(i), peer, now);
                asked++;
            }
        }
    }

    private void askPresence(Want want, SessionPeer peer, long now) {
        if (!want.told.contains(peer)) {
            want.told.add(peer);
            want.haveAsked.put(peer, now);
            out.wantHave(peer.id, want.cid);
        }
    }

    /** Asks all peers about the most urgent wants that nobody is known to have. */
    private void broadcast(long now) {
        if (now >= nextRebroadcast) {
            nextRebroadcast = now + SessionOptions.REBROADCAST_NANOS;
            // What a peer did not have it may have by now, and what was asked may be lost.
            for (Want want : mostUrgent(stuck)) {
                want.misses.clear();
                want.told.removeIf(peer -> !want.asks.containsKey(peer));
                want.broadcastEpoch = -1;
            }
        }
        if (stuck.isEmpty()) {
            return;
        }
        for (Want want : mostUrgent(stuck)) {
            if (want.broadcastEpoch == peersEpoch) {
                continue;
            }
            want.broadcastEpoch = peersEpoch;
            guess(want, now);
            for (SessionPeer peer : peers.values()) {
                if (want.asks.containsKey(peer) || want.misses.contains(peer)) {
                    continue;
                }
                if (peer.presences) {
                    askPresence(want, peer, now);
                } else if (want.asks.isEmpty() && peer.hasRoom(want.estimatedBytes, options.budgetBytes())) {
                    ask(want, peer, true, now);
                }
            }
        }
    }

    /** Asks one unproven peer for the block itself, which saves a round trip where it has it. */
    private void guess(Want want, long now) {
        if (!want.asks.isEmpty()) {
            return;
        }
        SessionPeer best = null;
        for (SessionPeer peer : peers.values()) {
            if (!want.told.contains(peer)
                    && !want.misses.contains(peer)
                    && !want.cooling.containsKey(peer)
                    && peer.asks.size() < SessionOptions.UNPROVEN_WANTS
                    && (best == null || peer.rate.latencyNanos() < best.rate.latencyNanos())) {
                best = peer;
            }
        }
        if (best != null) {
            ask(want, best, true, now);
        }
    }

    // Time

    private void expire(long now) {
        for (SessionPeer peer : peers.values()) {
            boolean timedOut = false;
            for (Want want : List.copyOf(peer.asks.keySet())) {
                Ask ask = peer.asks.get(want);
                if (ask != null && ask.deadline <= now) {
                    timedOut |= expire(want, peer, ask, now);
                }
            }
            if (timedOut) {
                peer.rate.timedOut(options.minTimeoutNanos());
                if (peer.lastDeliveredAt + options.minTimeoutNanos() < now
                        && ++peer.timeoutsInRow >= SessionOptions.MAX_TIMEOUTS) {
                    peer.useful = false;
                    peer.delivered = 0;
                }
            }
        }
        for (Want want : mostUrgent(stuck)) {
            boolean waits = false;
            for (Ask ask : want.asks.values()) {
                waits |= !ask.guess || now < ask.sentAt + SessionOptions.GUESS_NANOS;
            }
            if (want.cooling.values().removeIf(until -> until <= now) || !waits) {
                reopenIfServed(want);
            }
        }
    }

    private static List<Want> mostUrgent(Set<Want> wants) {
        return wants.stream().limit(SessionOptions.MAX_BROADCAST_WANTS).toList();
    }

    /** Opens a stuck want if there is somebody to ask. */
    private void reopenIfServed(Want want) {
        for (SessionPeer peer : peers.values()) {
            if (candidate(want, peer)) {
                reopen(want);
                return;
            }
        }
    }

    /** An ask is past its deadline; answers whether the peer is to blame. */
    private boolean expire(Want want, SessionPeer peer, Ask ask, long now) {
        boolean overtaken = peer.answeredOrder > ask.order;
        if (!overtaken && peer.lastDeliveredAt > ask.sentAt && peer.lastDeliveredAt + options.maxTimeoutNanos() > now) {
            // It is in the queue of a peer that has become slower than it was.
            ask.deadline = now + timeout(peer, 0);
            return false;
        }
        for (SessionPeer other : peers.values()) {
            if (other != peer && candidate(want, other)) {
                want.asks.remove(peer);
                peer.remove(want);
                want.haves.remove(peer);
                want.told.remove(peer);
                want.cooling.put(peer, now + COOLING_NANOS);
                out.cancel(peer.id, want.cid);
                reopen(want);
                return true;
            }
        }
        // Nobody else is known. The question may be lost, so it is put again, less and less often, while others are
        // sought.
        ask.extensions++;
        ask.deadline =
                now + Math.min(options.maxTimeoutNanos(), options.minTimeoutNanos() << Math.min(ask.extensions, 10));
        out.wantBlock(peer.id, want.cid);
        if (!open.contains(want) && stuck.add(want)) {
            want.stuckSince = now;
            want.broadcastEpoch = -1;
        }
        return true;
    }

    // The end game

    /** Gives the last wants of slow peers also to idle ones. */
    private void race(long now) {
        if (!open.isEmpty() || peers.size() < 2) {
            return;
        }
        int raced = 0;
        for (SessionPeer peer : peers.values()) {
            for (Want want : peer.asks.keySet()) {
                raced += want.asks.size() > 1 ? 1 : 0;
            }
        }
        // Each is counted at both of its peers.
        raced /= 2;
        for (SessionPeer idle : peers.values()) {
            while (raced < SessionOptions.MAX_RACED && idle.useful && idle.timeoutsInRow == 0 && idle.asks.size() < 2) {
                Want want = slowest(idle, now);
                if (want == null) {
                    break;
                }
                ask(want, idle, false, now);
                raced++;
                racedAsks++;
            }
        }
    }

    /** The want of another peer that gains most from being asked of {@code idle} too, if any gains enough. */
    private @Nullable Want slowest(SessionPeer idle, long now) {
        Want slowest = null;
        long most = 0;
        for (SessionPeer peer : peers.values()) {
            if (peer == idle) {
                continue;
            }
            long overdue = peer.lastDeliveredAt == Long.MIN_VALUE ? 0 : now - peer.lastDeliveredAt;
            long ahead = 0;
            for (Map.Entry<Want, Ask> entry : peer.asks.entrySet()) {
                Want want = entry.getKey();
                Ask ask = entry.getValue();
                ahead += ask.bytes;
                if (want.asks.size() > 1 || !candidate(want, idle)) {
                    continue;
                }
                // What a peer has kept one waiting for, it may keep one waiting for again.
                long left = Math.max(peer.rate.nanosFor((double) ahead), Math.min(overdue, now - ask.sentAt));
                if (left > most && left > 2 * idle.etaNanos(want.estimatedBytes) + SessionOptions.RACE_MARGIN_NANOS) {
                    slowest = want;
                    most = left;
                }
            }
        }
        return slowest;
    }

    // Search

    private void search(long now) {
        if (searching || now < nextSearch) {
            return;
        }
        for (Want want : stuck) {
            if (now >= want.stuckSince + options.searchDelayNanos() || nobodyLeft(want)) {
                startSearch(want, now);
                return;
            }
        }
        if (now >= nextEnrich && !wants.isEmpty()) {
            Want want = wants.values().iterator().next();
            if (want.admitted) {
                startSearch(want, now);
            }
        }
    }

    private void startSearch(Want want, long now) {
        searching = true;
        nextEnrich = now + ENRICH_NANOS;
        out.findProviders(want.cid);
    }

    private boolean nobodyLeft(Want want) {
        return want.misses.containsAll(peers.values());
    }
}
