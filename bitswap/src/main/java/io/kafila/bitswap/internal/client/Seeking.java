package io.kafila.bitswap.internal.client;

import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.PeerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The part of a {@link Session} that finds peers: it asks all connected ones about stuck wants, newcomers about some of the
 * others, and, when that does not help, the peers that were lost and routing. Confined to its session.
 */
final class Seeking {
    /** A running session looks for more providers after ten seconds and then each minute. */
    static final long ENRICH_AFTER_NANOS = 10_000_000_000L;

    private static final long ENRICH_NANOS = 60_000_000_000L;

    /** The wants that a newcomer is asked about. */
    private static final int MAX_PROBES = 8;

    /** The providers whose connection is awaited. */
    private static final int MAX_CLAIMS = 64;

    /** The peers to be dialed again. */
    private static final int MAX_LOST = 16;

    private final Asking asking;
    private final Map<PeerId, Set<Multihash>> claims = new HashMap<>();
    private final Set<PeerId> lost = new LinkedHashSet<>();
    /** Changes with the set of peers. */
    private long peersEpoch;

    /**
     * What the session wanted first. Many announce the roots of what they have and not each block, so who provides the root
     * is looked for as well as who provides the block that is missing.
     */
    private @Nullable Cid root;

    private boolean rootSearched;
    private long nextRebroadcast;
    private boolean searching;
    private long nextSearch = Long.MIN_VALUE;
    private long searchBackoff = SessionOptions.SEARCH_BACKOFF_NANOS;
    private long nextEnrich = Long.MAX_VALUE;

    Seeking(Asking asking) {
        this.asking = asking;
    }

    /** The session has begun to want something. */
    void started(Cid cid, long now) {
        if (root == null) {
            root = cid;
        }
        if (nextEnrich == Long.MAX_VALUE) {
            nextEnrich = now + ENRICH_AFTER_NANOS;
        }
    }

    /** A peer has something: searches may again be frequent. */
    void succeeded() {
        searchBackoff = SessionOptions.SEARCH_BACKOFF_NANOS;
    }

    /** Asks a newcomer about some wants of a running session; answers what it is said to have. */
    Set<Multihash> join(SessionPeer peer, Collection<Want> wants, long now) {
        peersEpoch++;
        lost.remove(peer.id);
        probe(peer, wants, now);
        Set<Multihash> claimed = claims.remove(peer.id);
        return claimed == null ? Set.of() : claimed;
    }

    /** Notes what a peer is said to have until it is connected. */
    void claim(PeerId id, Multihash key) {
        if (claims.size() < MAX_CLAIMS) {
            claims.computeIfAbsent(id, ignored -> new HashSet<>()).add(key);
        }
    }

    /** A peer that has served this session is gone: who had some of it likely has the rest. */
    void lost(PeerId id) {
        if (lost.size() < MAX_LOST) {
            lost.add(id);
        }
    }

    void searchEnded(long now) {
        searching = false;
        nextSearch = now + searchBackoff;
        searchBackoff = Math.min(2 * searchBackoff, SessionOptions.MAX_SEARCH_BACKOFF_NANOS);
    }

    /**
     * Asks peers about the wants of now where a faster one has answered all that they were asked about: the root of a file
     * mostly comes from the nearest peer before the others have said that they have it, too.
     */
    void probeUnheard(Collection<Want> wants, long now) {
        if (wants.isEmpty()) {
            return;
        }
        for (SessionPeer peer : asking.peers.values()) {
            if (peer.unheard && !peer.useful) {
                probe(peer, wants, now);
            }
            // Where these are overtaken as well, it is asked about the next ones.
            peer.unheard = false;
        }
    }

    private void probe(SessionPeer peer, Collection<Want> wants, long now) {
        if (!peer.presences) {
            return;
        }
        int asked = 0;
        // The last admitted will be here last, so an answer is still of use then.
        List<Want> admitted = new ArrayList<>();
        for (Want want : wants) {
            if (!want.admitted) {
                break;
            }
            admitted.add(want);
        }
        for (int i = admitted.size() - 1; i >= 0 && asked < MAX_PROBES; i--) {
            if (!asking.stuck.contains(admitted.get(i))) {
                askPresence(admitted.get(i), peer, now);
                asked++;
            }
        }
    }

    private void askPresence(Want want, SessionPeer peer, long now) {
        if (!want.told.contains(peer)) {
            want.told.add(peer);
            want.presenceAsked(peer, now);
            asking.out.wantHave(peer.id, want.cid);
        }
    }

    /** Asks all peers about the most urgent wants that nobody is known to have. */
    void broadcast(long now) {
        if (now >= nextRebroadcast) {
            nextRebroadcast = now + SessionOptions.REBROADCAST_NANOS;
            // What a peer did not have it may have by now, and what was asked may be lost.
            for (Want want : Asking.mostUrgent(asking.stuck)) {
                want.misses.clear();
                want.told.removeIf(peer -> !want.asks.containsKey(peer));
                want.broadcastEpoch = -1;
            }
        }
        if (asking.stuck.isEmpty()) {
            return;
        }
        for (Want want : Asking.mostUrgent(asking.stuck)) {
            if (want.broadcastEpoch == peersEpoch) {
                continue;
            }
            want.broadcastEpoch = peersEpoch;
            guess(want, now);
            for (SessionPeer peer : asking.peers.values()) {
                if (want.asks.containsKey(peer) || want.misses.contains(peer)) {
                    continue;
                }
                if (peer.presences) {
                    askPresence(want, peer, now);
                } else if (want.asks.isEmpty() && peer.hasRoom(want.estimatedBytes, asking.options.budgetBytes())) {
                    asking.ask(want, peer, true, now);
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
        for (SessionPeer peer : asking.peers.values()) {
            if (!want.told.contains(peer)
                    && !want.misses.contains(peer)
                    && !want.cooling.containsKey(peer)
                    && peer.asks.size() < SessionOptions.UNPROVEN_WANTS
                    && (best == null || peer.rate.latencyNanos() < best.rate.latencyNanos())) {
                best = peer;
            }
        }
        if (best != null) {
            asking.ask(want, best, true, now);
        }
    }

    void search(Collection<Want> wants, long now) {
        if (searching || now < nextSearch) {
            return;
        }
        for (Want want : asking.stuck) {
            if (now >= want.stuckSince + asking.options.searchDelayNanos() || nobodyLeft(want)) {
                startSearch(searchable(want), now);
                return;
            }
        }
        if (now >= nextEnrich && !wants.isEmpty()) {
            Want want = wants.iterator().next();
            if (want.admitted) {
                startSearch(root == null ? want.cid : root, now);
            }
        }
    }

    /** The block itself and the root take turns. */
    private Cid searchable(Want want) {
        rootSearched = !rootSearched && root != null && !root.equals(want.cid);
        return rootSearched && root != null ? root : want.cid;
    }

    private void startSearch(Cid cid, long now) {
        searching = true;
        nextEnrich = now + ENRICH_NANOS;
        lost.forEach(asking.out::reconnect);
        asking.out.findProviders(cid);
    }

    private boolean nobodyLeft(Want want) {
        return want.misses.containsAll(asking.peers.values());
    }
}
