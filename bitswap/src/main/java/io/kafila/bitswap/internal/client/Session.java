package io.kafila.bitswap.internal.client;

import io.kafila.bitswap.internal.client.Want.Ask;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.PeerId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    /** Deadlines, races and searches are looked at no more often than this. */
    private static final long CHECK_NANOS = 10_000_000L;

    private final SessionOptions options;
    private final SessionOutput out;
    private final Asking asking;
    private final Seeking seeking;
    private final EndGame endGame;
    private final Map<Multihash, Want> wants = new LinkedHashMap<>();
    private final Deque<Want> backlog = new ArrayDeque<>();
    private final SizeEstimates sizes = new SizeEstimates();

    private long nextOrder;
    private int active;
    private long activeBytes;
    private long storingBytes;
    private long heldBytes;
    private long nextCheck = Long.MIN_VALUE;

    public Session(SessionOptions options, SessionOutput out) {
        this.options = options;
        this.out = out;
        this.asking = new Asking(options, out);
        this.seeking = new Seeking(asking);
        this.endGame = new EndGame(asking);
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
        seeking.started(cid, now);
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
        if (asking.peers.containsKey(id)) {
            return;
        }
        SessionPeer peer = new SessionPeer(id, presences);
        peer.rate.roundTrip(roundTripNanos);
        asking.peers.put(id, peer);
        seeking.join(peer, wants.values(), now).forEach(key -> claim(peer, key));
    }

    /** A peer is gone, or is no longer to be asked; what it owes goes elsewhere. */
    public void peerLost(PeerId id) {
        SessionPeer peer = asking.peers.remove(id);
        if (peer == null) {
            return;
        }
        if (peer.hits > 0) {
            seeking.lost(id);
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
                asking.reopen(want);
            }
        }
    }

    /** A peer says that it has a block. */
    public void have(PeerId id, Multihash key, long now) {
        SessionPeer peer = asking.peers.get(id);
        if (peer == null) {
            return;
        }
        Want want = wants.get(key);
        if (want != null && want.admitted) {
            Long askedAt = want.presenceSettled(peer);
            if (askedAt != null) {
                peer.rate.answered(askedAt, now);
            }
            want.misses.remove(peer);
            want.haves.add(peer);
            if (want.asks.isEmpty()) {
                asking.reopen(want);
            }
        }
        peer.missesInRow = 0;
        seeking.succeeded();
        asking.proveUseful(peer);
    }

    /** A peer says that it does not have a block. */
    public void dontHave(PeerId id, Multihash key, long now) {
        SessionPeer peer = asking.peers.get(id);
        Want want = wants.get(key);
        if (peer == null || want == null || !want.admitted) {
            return;
        }
        Long askedAt = want.presenceSettled(peer);
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
                asking.reopen(want);
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
        SessionPeer peer = from == null ? null : asking.peers.get(from);
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
            seeking.succeeded();
        }
        finish(want, peer);
        if (peer != null) {
            asking.proveUseful(peer);
        }
        return true;
    }

    /** Routing says that a peer has a block; the peer need not be connected yet. */
    public void providerFound(PeerId id, Multihash key) {
        SessionPeer peer = asking.peers.get(id);
        if (peer != null) {
            claim(peer, key);
        } else {
            seeking.claim(id, key);
        }
    }

    /** The search that {@link SessionOutput#findProviders} began is over. */
    public void searchEnded(long now) {
        seeking.searchEnded(now);
    }

    /** Draws the conclusions from the events and from the time. */
    public void advance(long now) {
        boolean check = now >= nextCheck;
        if (check) {
            nextCheck = now + CHECK_NANOS;
            asking.expire(now);
        }
        admit();
        asking.assign(now);
        seeking.broadcast(now);
        seeking.probeUnheard(wants.values(), now);
        if (check) {
            endGame.race(now);
            seeking.search(wants.values(), now);
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
        return endGame.racedAsks();
    }

    /** The bytes that a peer owes. */
    public long outstandingBytes(PeerId id) {
        SessionPeer peer = asking.peers.get(id);
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
                asking.open.add(want);
            }
            backlog.remove();
        }
    }

    private void finish(Want want, @Nullable SessionPeer by) {
        want.done = true;
        asking.open.remove(want);
        asking.stuck.remove(want);
        if (want.admitted) {
            active--;
            activeBytes -= want.estimatedBytes;
        }
        want.asks.keySet().forEach(peer -> peer.remove(want));
        for (SessionPeer peer : List.copyOf(want.haveAsked.keySet())) {
            want.presenceSettled(peer);
            peer.unheard |= peer != by && !peer.useful && peer.presencesAsked == 0;
        }
        for (SessionPeer peer : want.told) {
            if (peer != by) {
                out.cancel(peer.id, want.cid);
            }
        }
    }

    private void claim(SessionPeer peer, Multihash key) {
        Want want = wants.get(key);
        if (want != null && want.admitted && !want.misses.contains(peer)) {
            want.haves.add(peer);
            if (want.asks.isEmpty()) {
                asking.reopen(want);
            }
        }
    }
}
