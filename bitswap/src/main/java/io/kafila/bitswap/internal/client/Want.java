package io.kafila.bitswap.internal.client;

import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multihash;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A block that a session is after, and what each peer has said of it. Confined to its session. */
final class Want {
    /** A WANT-BLOCK that is not answered. */
    static final class Ask {
        final long sentAt;
        final long order;
        final long bytes;
        /** The peer had not shown that it has anything. */
        final boolean guess;

        long deadline;
        int extensions;

        Ask(long sentAt, long order, long bytes, boolean guess) {
            this.sentAt = sentAt;
            this.order = order;
            this.bytes = bytes;
            this.guess = guess;
        }
    }

    final Cid cid;
    /** The place in the session: the lower the more urgent. */
    final long order;

    boolean admitted;
    boolean done;
    long estimatedBytes;
    long stuckSince;
    /** The state of the set of peers at the last broadcast. */
    long broadcastEpoch = -1;

    /** The peers that were asked for the block and have not answered. */
    final Map<SessionPeer, Ask> asks = new LinkedHashMap<>();
    /** The peers that were ever told of the want, and must be told of its end. */
    final Set<SessionPeer> told = new LinkedHashSet<>();
    /** When a peer that has not answered was asked for its presence. */
    final Map<SessionPeer, Long> haveAsked = new HashMap<>();
    /** The peers that say they have it, or are said to. */
    final Set<SessionPeer> haves = new HashSet<>();
    /** The peers that say they have it not. */
    final Set<SessionPeer> misses = new HashSet<>();
    /** The peers that were given up on, and until when. */
    final Map<SessionPeer, Long> cooling = new HashMap<>();

    Want(Cid cid, long order) {
        this.cid = cid;
        this.order = order;
    }

    Multihash key() {
        return cid.multihash();
    }

    /** A peer is asked whether it has the block. */
    void presenceAsked(SessionPeer peer, long now) {
        if (haveAsked.put(peer, now) == null) {
            peer.presencesAsked++;
        }
    }

    /** A peer has answered whether it has the block, or need not; answers when it was asked, {@code null} if it was not. */
    @Nullable
    Long presenceSettled(SessionPeer peer) {
        Long askedAt = haveAsked.remove(peer);
        if (askedAt != null) {
            peer.presencesAsked--;
        }
        return askedAt;
    }

    void forget(SessionPeer peer) {
        asks.remove(peer);
        told.remove(peer);
        presenceSettled(peer);
        haves.remove(peer);
        misses.remove(peer);
        cooling.remove(peer);
    }
}
