package io.kafila.libp2p.internal.host;

import io.kafila.libp2p.Connection;
import io.kafila.libp2p.ConnectionException;
import io.kafila.libp2p.IdentifyInfo;
import io.kafila.libp2p.Peerstore;
import io.kafila.libp2p.internal.identify.IdentifyService;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PrivateKey;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What peers are told of a host, and what becomes of what they tell of themselves. Thread-safe. */
final class Introductions {
    private static final long PUSH_DELAY_MS = 200;
    private static final Duration CONNECTED_TTL = Duration.ofDays(1);
    private static final Logger LOG = LoggerFactory.getLogger(Introductions.class);

    private final HostOptions options;
    private final HostEnvironment environment;
    private final HostServices services;
    private final Supplier<List<Multiaddr>> addresses;
    private final ProtocolTable protocols;
    private final ConnectionTable connections;
    private final ConnectionListeners listeners;
    private final Counters counters;
    private final ObservedAddresses observed = new ObservedAddresses();
    private final AtomicBoolean pushPlanned = new AtomicBoolean();
    private final IdentifyService identify;

    /** @param addresses those that the host announces, asked each time */
    Introductions(
            HostOptions options,
            HostEnvironment environment,
            HostServices services,
            Supplier<List<Multiaddr>> addresses,
            ProtocolTable protocols,
            ConnectionTable connections,
            ConnectionListeners listeners,
            Counters counters) {
        this.options = options;
        this.environment = environment;
        this.services = services;
        this.addresses = addresses;
        this.protocols = protocols;
        this.connections = connections;
        this.listeners = listeners;
        this.counters = counters;
        this.identify = new IdentifyService(
                new Self(), new IdentifyResults(), environment.loops().sockets(), environment.nanoClock());
    }

    /** Registers the protocols of identify. */
    void serve() {
        protocols.put(IdentifyService.PROTOCOL, identify::answer);
        protocols.put(IdentifyService.PUSH_PROTOCOL, identify::acceptPush);
    }

    /** Asks a new peer who it is. */
    void exchange(HostConnection connection) {
        identify.identify(connection);
    }

    /** Remembers where a peer was reached that is connected no more. */
    void keepForLater(HostConnection connection) {
        IdentifyInfo info = connection.info();
        if (info != null) {
            services.peerstore()
                    .addAddresses(
                            connection.remotePeer(), reachable(connection, info), Peerstore.RECENTLY_CONNECTED_TTL);
        }
    }

    /** Under which addresses peers have seen this host, and how many of them. */
    Map<Multiaddr, Integer> observedAddresses() {
        return observed.counts();
    }

    /** Protocols are often registered one after the other: one push for them all. */
    void planPush() {
        if (connections.count() > 0 && pushPlanned.compareAndSet(false, true)) {
            try {
                environment
                        .loops()
                        .sockets()
                        .schedule(
                                () -> {
                                    pushPlanned.set(false);
                                    identify.push(connections.all());
                                },
                                PUSH_DELAY_MS,
                                TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException | IllegalStateException e) {
                LOG.debug("no push: the host is closed");
            }
        }
    }

    /** A peer's addresses that can be meant for this host: none that are nearer than the peer itself. */
    private static List<Multiaddr> reachable(Connection connection, IdentifyInfo info) {
        Multiaddr remote = connection.remoteAddress();
        Set<Multiaddr> kept = new LinkedHashSet<>();
        for (Multiaddr address : info.listenAddresses()) {
            boolean nearer =
                    !remote.isLoopback() && (address.isLoopback() || (address.isPrivate() && !remote.isPrivate()));
            if (!nearer) {
                kept.add(address.withoutPeerId());
            }
        }
        if (connection.direction() == Connection.Direction.OUTBOUND) {
            kept.add(remote);
        }
        return List.copyOf(kept);
    }

    private final class Self implements IdentifyService.Self {
        @Override
        public PrivateKey key() {
            return options.key();
        }

        @Override
        public String agentVersion() {
            return options.agentVersion();
        }

        @Override
        public List<Multiaddr> addresses() {
            return addresses.get();
        }

        @Override
        public Collection<String> protocols() {
            return protocols.names();
        }

        @Override
        public long sequence() {
            return environment.clock().millis();
        }
    }

    private final class IdentifyResults implements IdentifyService.Listener {
        @Override
        public void onIdentified(Connection connection, IdentifyInfo info) {
            observed.add(connection.remotePeer(), info.observedAddresses());
            services.onIdentified(connection.remotePeer(), info);
            services.peerstore().addAddresses(connection.remotePeer(), reachable(connection, info), CONNECTED_TTL);
            // Last, so that who waits for it finds the peerstore filled.
            ((HostConnection) connection).setInfo(info);
            listeners.tell(listener -> listener.onIdentified(connection, info));
        }

        @Override
        public void onLimited(Connection connection) {
            counters.add("identify:limited");
        }

        @Override
        public void onFailed(Connection connection, Throwable cause) {
            counters.add("identify:failed");
            LOG.debug("identify of {} failed: {}", connection, cause.getMessage());
            ((HostConnection) connection)
                    .failIdentify(new ConnectionException(
                            "identify of " + connection.remotePeer() + " failed: " + cause.getMessage(), cause));
        }
    }
}
