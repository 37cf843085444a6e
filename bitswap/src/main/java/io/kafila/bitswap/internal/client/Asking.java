package io.kafila.bitswap.internal.client;

import io.kafila.bitswap.internal.client.Want.Ask;
import io.kafila.multiformats.PeerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The part of a {@link Session} that asks peers for blocks: each open want goes to the peer that will deliver it soonest, and
 * on to another one if it is not answered in time. Wants that nobody can serve become stuck. Confined to its session.
 */
final class Asking {
    private static final Comparator<Want> URGENCY = Comparator.comparingLong(want -> want.order);

    /** How long a peer is not asked again for what it did not deliver. */
    private static final long COOLING_NANOS = 10_000_000_000L;

    final SessionOptions options;
    final SessionOutput out;
    final Map<PeerId, SessionPeer> peers = new LinkedHashMap<>();
    /** The wants that are admitted and asked of nobody. */
    final TreeSet<Want> open = new TreeSet<>(URGENCY);
    /** The wants that no known peer can serve, or whose only peer does not answer. */
    final TreeSet<Want> stuck = new TreeSet<>(URGENCY);

    Asking(SessionOptions options, SessionOutput out) {
        this.options = options;
        this.out = out;
    }

    /** A want lost what it waited for. */
    void reopen(Want want) {
        if (!want.done) {
            stuck.remove(want);
            open.add(want);
        }
    }

    boolean candidate(Want want, SessionPeer peer) {
        return !want.asks.containsKey(peer)
                && !want.misses.contains(peer)
                && !want.cooling.containsKey(peer)
                && (want.haves.contains(peer) || (peer.useful && peer.missesInRow < SessionOptions.MAX_MISSES));
    }

    void assign(long now) {
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

    void ask(Want want, SessionPeer peer, boolean guess, long now) {
        Ask ask = new Ask(now, peer.nextOrder++, want.estimatedBytes, guess);
        ask.deadline = now + timeout(peer, want.estimatedBytes);
        want.asks.put(peer, ask);
        want.told.add(peer);
        want.presenceSettled(peer);
        peer.add(want, ask);
        out.wantBlock(peer.id, want.cid);
    }

    private long timeout(SessionPeer peer, long bytes) {
        long expected = peer.delivered > 0
                ? 4 * peer.etaNanos(bytes)
                : 20 * peer.rate.latencyNanos() + options.minTimeoutNanos() + options.maxTimeoutNanos() / 10;
        return Math.min(options.maxTimeoutNanos(), Math.max(options.minTimeoutNanos(), expected));
    }

    void proveUseful(SessionPeer peer) {
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

    void expire(long now) {
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

    static List<Want> mostUrgent(Set<Want> wants) {
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
}
