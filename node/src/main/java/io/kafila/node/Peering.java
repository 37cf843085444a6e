package io.kafila.node;

import io.kafila.libp2p.Connection;
import io.kafila.libp2p.ConnectionListener;
import io.kafila.libp2p.Host;
import io.kafila.libp2p.Peerstore;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps connections to a few chosen peers: they are protected from trimming and dialed again when they are lost, after 5
 * seconds first, then ever later up to 10 minutes, with some randomness (kubo peering/peering.go). Thread-safe.
 */
public final class Peering implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Peering.class);
    private static final String TAG = "peering";
    private static final Duration FIRST_DELAY = Duration.ofSeconds(5);
    private static final Duration LAST_DELAY = Duration.ofMinutes(10);

    /** A peer to stay connected with, and where it may be found. */
    public record Peer(PeerId id, List<Multiaddr> addresses) {
        public Peer {
            addresses = List.copyOf(addresses);
        }
    }

    private static final class State {
        private List<Multiaddr> addresses;
        private Duration nextDelay = FIRST_DELAY;
        private @Nullable ScheduledFuture<?> pending;

        private State(List<Multiaddr> addresses) {
            this.addresses = addresses;
        }
    }

    private final Host host;
    private final ScheduledExecutorService scheduler;
    private final RandomGenerator random;
    private final Map<PeerId, State> peers = new LinkedHashMap<>();
    private final ConnectionListener listener = new ConnectionListener() {
        @Override
        public void onConnected(Connection connection) {
            connected(connection.remotePeer());
        }

        @Override
        public void onDisconnected(Connection connection) {
            disconnected(connection.remotePeer());
        }
    };
    private boolean closed;

    public Peering(Host host, ScheduledExecutorService scheduler, RandomGenerator random) {
        this.host = host;
        this.scheduler = scheduler;
        this.random = random;
        host.addListener(listener);
    }

    /** Adds a peer, or replaces its addresses, and dials it. */
    public synchronized void add(Peer peer) {
        if (closed) {
            throw new IllegalStateException("peering: closed");
        }
        host.connectionManager().protect(peer.id(), TAG);
        host.peerstore().addAddresses(peer.id(), peer.addresses(), Peerstore.RECENTLY_CONNECTED_TTL);
        State state = peers.computeIfAbsent(peer.id(), id -> new State(peer.addresses()));
        state.addresses = peer.addresses();
        if (host.connections(peer.id()).isEmpty()) {
            schedule(peer.id(), state, Duration.ZERO);
        }
    }

    /** Stops keeping a peer connected; open connections stay. */
    public synchronized void remove(PeerId peer) {
        State state = peers.remove(peer);
        if (state != null) {
            host.connectionManager().unprotect(peer, TAG);
            cancel(state);
        }
    }

    public synchronized List<Peer> list() {
        List<Peer> all = new ArrayList<>();
        peers.forEach((id, state) -> all.add(new Peer(id, state.addresses)));
        return all;
    }

    private synchronized void connected(PeerId peer) {
        State state = peers.get(peer);
        if (state != null) {
            cancel(state);
            state.nextDelay = FIRST_DELAY;
        }
    }

    private synchronized void disconnected(PeerId peer) {
        State state = peers.get(peer);
        if (state != null && !closed && host.connections(peer).isEmpty()) {
            schedule(peer, state, backOff(state));
        }
    }

    private void schedule(PeerId peer, State state, Duration delay) {
        cancel(state);
        state.pending = scheduler.schedule(() -> dial(peer), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void dial(PeerId peer) {
        State state = peers.get(peer);
        if (state == null || closed) {
            return;
        }
        state.pending = null;
        host.connect(peer, state.addresses).whenComplete((connection, fault) -> {
            if (fault != null) {
                LOG.debug("peering: cannot reach {}", peer, fault);
                retry(peer);
            }
        });
    }

    private synchronized void retry(PeerId peer) {
        State state = peers.get(peer);
        if (state != null && !closed && state.pending == null) {
            schedule(peer, state, backOff(state));
        }
    }

    /** The delay that is due, spread by a tenth so that many nodes do not dial in step; the next one is half as long again. */
    private Duration backOff(State state) {
        long millis = state.nextDelay.toMillis();
        state.nextDelay = Duration.ofMillis(Math.min(LAST_DELAY.toMillis(), millis + millis / 2));
        return Duration.ofMillis(millis + random.nextLong(Math.max(1, millis / 10)));
    }

    private static void cancel(State state) {
        if (state.pending != null) {
            state.pending.cancel(false);
            state.pending = null;
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            host.removeListener(listener);
            peers.values().forEach(Peering::cancel);
            peers.clear();
        }
    }
}
