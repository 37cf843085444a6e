package io.kafila.bitswap.internal.client;

import io.kafila.bitswap.BitswapCounters;
import io.kafila.bitswap.BitswapOptions;
import io.kafila.bitswap.internal.net.Accounts;
import io.kafila.bitswap.internal.net.Loop;
import io.kafila.bitswap.internal.net.Network;
import io.kafila.bitswap.internal.net.OutboundChannel;
import io.kafila.bitswap.internal.wire.Message;
import io.kafila.bitswap.internal.wire.ProtocolVersion;
import io.kafila.bitswap.internal.wire.WantType;
import io.kafila.libp2p.Connection;
import io.kafila.libp2p.Host;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.PeerId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The peers that sessions may ask: opens a channel to each while there is a session, tells the sessions of them, gathers
 * what they want of each into messages, and closes those that misbehave. Confined to the loop.
 */
final class ClientPeers {
    private static final Logger LOG = LoggerFactory.getLogger(ClientPeers.class);

    /** How long entries may be gathered for a peer that is busy anyway. */
    private static final long GATHER_NANOS = 2_000_000L;

    /** The first wait before a broken stream is opened again; it doubles. */
    private static final long REOPEN_NANOS = 20_000_000L;

    /** A peer's stream that breaks so often in a row is no longer opened while its connection lasts. */
    private static final int MAX_REOPENS = 5;

    private static final int MAX_CLOSED_PEERS = 1024;

    /** Keeps the connections to peers that owe blocks. */
    private static final String PROTECTION = "bitswap-fetch";

    private final Host host;
    private final BitswapOptions options;
    private final Loop loop;
    private final Network network;
    private final BitswapCounters counters;
    private final Accounts accounts;
    private final Collection<ClientSession> sessions;

    private final Map<PeerId, ClientPeer> peers = new HashMap<>();
    /** Peers that were closed for what they sent, and until when. */
    private final Map<PeerId, Long> closedPeers = new LinkedHashMap<>();

    private final Map<PeerId, Integer> unwantedByPeer = new HashMap<>();
    /** Peers whose streams broke: what they still answer is no offence, but of no use either. */
    private final Set<PeerId> unreachable = new HashSet<>();

    /** Those of the peers who were told a want; read by other threads. */
    private final Set<PeerId> asked = ConcurrentHashMap.newKeySet();

    private final Set<ClientPeer> dirty = new LinkedHashSet<>();
    private int nextPriority = Integer.MAX_VALUE;

    /** @param sessions those that are open, as they come and go */
    ClientPeers(
            Host host,
            BitswapOptions options,
            Loop loop,
            Network network,
            BitswapCounters counters,
            Accounts accounts,
            Collection<ClientSession> sessions) {
        this.host = host;
        this.options = options;
        this.loop = loop;
        this.network = network;
        this.counters = counters;
        this.accounts = accounts;
        this.sessions = sessions;
    }

    @Nullable
    ClientPeer get(PeerId id) {
        return peers.get(id);
    }

    /** Tells a new session of all peers, and asks all that are connected whether they speak bitswap. */
    void introduce(ClientSession session) {
        for (ClientPeer peer : peers.values()) {
            if (peer.ready) {
                tellReady(session, peer);
            }
        }
        for (Connection connection : host.connections()) {
            connected(connection.remotePeer());
        }
    }

    /** A connection was opened, or a peer has shown that it speaks bitswap. */
    void connected(PeerId id) {
        if (sessions.isEmpty() || peers.containsKey(id) || unreachable.contains(id) || isClosed(id)) {
            return;
        }
        ClientPeer[] self = new ClientPeer[1];
        OutboundChannel channel = new OutboundChannel(
                host,
                id,
                loop,
                stream -> network.readOwn(stream, () -> self[0].channel.broken(stream)),
                () -> broken(self[0]));
        ClientPeer peer = new ClientPeer(id, channel);
        self[0] = peer;
        peers.put(id, peer);
        openChannel(peer);
    }

    private void openChannel(ClientPeer peer) {
        if (peer.opening) {
            return;
        }
        peer.opening = true;
        peer.channel.open(error -> {
            peer.opening = false;
            if (peers.get(peer.id) != peer) {
                return;
            }
            if (error != null) {
                LOG.debug("bitswap to {}: no stream: {}", peer.id, error.toString());
                lost(peer.id);
            } else if (!peer.ready) {
                peer.ready = true;
                sessions.forEach(session -> tellReady(session, peer));
            }
        });
    }

    private void tellReady(ClientSession session, ClientPeer peer) {
        ProtocolVersion version = peer.channel.version();
        long roundTrip = 0;
        for (Connection connection : host.connections(peer.id)) {
            roundTrip = Math.max(roundTrip, connection.roundTripNanos());
        }
        session.brain().peerReady(peer.id, version != null && version.presences(), roundTrip, session.now());
    }

    /** The stream that carries our wants has broken; a new one starts with the whole wantlist. */
    private void broken(ClientPeer peer) {
        if (peers.get(peer.id) != peer) {
            return;
        }
        peer.full = true;
        if (!peer.hasNews()) {
            // Nothing is wanted of it now. It is opened again when something is.
            return;
        }
        if (++peer.reopens > MAX_REOPENS) {
            unreachable.add(peer.id);
            lost(peer.id);
            return;
        }
        loop.schedule(REOPEN_NANOS << peer.reopens, () -> {
            if (peers.get(peer.id) == peer && peer.hasNews()) {
                dirty.add(peer);
            }
        });
    }

    /** A peer has no connection any more. */
    void disconnected(PeerId id) {
        lost(id);
        unwantedByPeer.remove(id);
        unreachable.remove(id);
    }

    private void lost(PeerId id) {
        ClientPeer peer = peers.remove(id);
        asked.remove(id);
        if (peer != null) {
            dirty.remove(peer);
            if (peer.isProtected) {
                host.connectionManager().unprotect(id, PROTECTION);
            }
            peer.channel.close();
            sessions.forEach(session -> session.brain().peerLost(id));
        }
    }

    boolean isClosed(PeerId id) {
        Long until = closedPeers.get(id);
        if (until != null && until - loop.now() <= 0) {
            closedPeers.remove(id);
            return false;
        }
        return until != null;
    }

    private void closePeer(PeerId id) {
        if (closedPeers.size() >= MAX_CLOSED_PEERS) {
            closedPeers.remove(closedPeers.keySet().iterator().next());
        }
        closedPeers.put(id, loop.now() + options.closedPeerTime().toNanos());
        counters.peerClosed();
        LOG.debug("bitswap: {} sent {} blocks that nobody asked for and is closed", id, options.maxUnwantedBlocks());
        lost(id);
        host.disconnect(id);
    }

    void want(ClientSession session, PeerId id, Cid cid, WantType type) {
        ClientPeer peer = peers.get(id);
        if (peer != null) {
            peer.want(session, cid, type, nextPriority);
            nextPriority = nextPriority == 1 ? Integer.MAX_VALUE : nextPriority - 1;
            dirty.add(peer);
        }
    }

    void cancel(ClientSession session, PeerId id, Cid cid) {
        ClientPeer peer = peers.get(id);
        if (peer != null) {
            peer.cancel(session, cid.multihash());
            dirty.add(peer);
        }
    }

    private void flush(ClientPeer peer) {
        dirty.remove(peer);
        if (!peer.ready || !peer.hasNews() || peers.get(peer.id) != peer) {
            return;
        }
        asked.add(peer.id);
        for (Message message : peer.news()) {
            counters.messageSent();
            peer.channel.send(message, error -> {
                if (error != null && peers.get(peer.id) == peer && !peer.full) {
                    // The stream could not even be opened.
                    broken(peer);
                }
            });
        }
    }

    /** Whether a connected peer was told wants. From any thread. */
    boolean hasAsked(PeerId id) {
        return asked.contains(id);
    }

    void unwanted(PeerId id) {
        accounts.unwanted(id);
        if (!unreachable.contains(id) && unwantedByPeer.merge(id, 1, Integer::sum) == options.maxUnwantedBlocks()) {
            closePeer(id);
        }
    }

    /** Sends what peers must be told, at once or a little later; to be called after each bundle of events. */
    void flush() {
        for (ClientPeer peer : List.copyOf(dirty)) {
            protect(peer);
            if (peer.urgent()) {
                flush(peer);
            } else if (!peer.flushScheduled) {
                peer.flushScheduled = true;
                loop.schedule(GATHER_NANOS, () -> {
                    peer.flushScheduled = false;
                    flush(peer);
                });
            }
        }
    }

    /** Keeps the connection manager from cutting off a peer in the middle of its answers. */
    private void protect(ClientPeer peer) {
        if (peer.owes() != peer.isProtected) {
            peer.isProtected = peer.owes();
            if (peer.isProtected) {
                host.connectionManager().protect(peer.id, PROTECTION);
            } else {
                host.connectionManager().unprotect(peer.id, PROTECTION);
            }
        }
    }

    /** Notes that a peer has answered a want. */
    void answered(ClientPeer peer, Multihash key) {
        peer.reopens = 0;
        peer.answered(key);
        if (!peer.owes()) {
            protect(peer);
        }
    }

    void close() {
        List.copyOf(peers.keySet()).forEach(this::lost);
    }
}
