package io.kafila.libp2p.internal.host;

import io.kafila.libp2p.BandwidthCounter;
import io.kafila.libp2p.Connection;
import io.kafila.libp2p.ConnectionFilter;
import io.kafila.libp2p.ConnectionListener;
import io.kafila.libp2p.ConnectionManager;
import io.kafila.libp2p.DialException;
import io.kafila.libp2p.Host;
import io.kafila.libp2p.Libp2pException;
import io.kafila.libp2p.Peerstore;
import io.kafila.libp2p.ResourceManager;
import io.kafila.libp2p.Stream;
import io.kafila.libp2p.StreamHandler;
import io.kafila.libp2p.internal.limits.ConnectionScope;
import io.kafila.libp2p.internal.limits.ResourceLimitException;
import io.kafila.libp2p.internal.mdns.MulticastDiscovery;
import io.kafila.libp2p.internal.ping.PingService;
import io.kafila.libp2p.internal.security.HandshakeException;
import io.kafila.libp2p.internal.security.Role;
import io.kafila.libp2p.internal.security.SecuredSession;
import io.kafila.libp2p.internal.transport.AddressResolver;
import io.kafila.libp2p.internal.transport.Transport;
import io.kafila.libp2p.internal.transport.Transports;
import io.kafila.libp2p.internal.yamux.YamuxOptions;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.PublicKey;
import io.netty.channel.Channel;
import java.net.Inet6Address;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The host: it puts the parts together and keeps the connections. Thread-safe. */
public final class Libp2pHost implements Host, ConnectionOwner, Dialer.Owner {
    private static final int ACCEPT_TIMEOUT_MS = 15_000;
    private static final long TRIM_INTERVAL_MS = 10_000;
    private static final long CLOSE_TIMEOUT_MS = 3_000;

    private static final Logger LOG = LoggerFactory.getLogger(Libp2pHost.class);

    private final HostOptions options;
    private final HostEnvironment environment;
    private final HostServices services;
    private final PeerId self;
    private final ProtocolTable protocols = new ProtocolTable();
    private final Counters counters = new Counters();
    private final ConnectionTable connections = new ConnectionTable();
    private final ConnectionListeners listeners = new ConnectionListeners();
    private final WatermarkConnectionManager manager;
    private final AnnouncedAddresses announced;
    private final Listeners sockets;
    private final Dialer dialer;
    private final Introductions introductions;
    private final PingService ping;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable ScheduledFuture<?> trimming;
    private volatile @Nullable MulticastDiscovery discovery;

    /** Takes ownership of {@code services}. */
    public Libp2pHost(HostOptions options, HostEnvironment environment, HostServices services) {
        this.options = options;
        this.environment = environment;
        this.services = services;
        this.self = options.key().peerId();
        this.manager = new WatermarkConnectionManager(
                environment.clock(),
                new TrimPlan(
                        options.lowWater(), options.highWater(), options.grace().toNanos()));
        this.announced = new AnnouncedAddresses(
                options.announce(),
                options.appendAnnounce(),
                new AddressRanges(options.noAnnounce()),
                environment.interfaces());
        Transports transports = environment.transports();
        this.sockets = new Listeners(transports, this::onAccepted);
        this.dialer = new Dialer(
                this,
                transports,
                new AddressResolver(environment.names(), environment.loops().blocking()),
                services.filter(),
                environment.loops().sockets(),
                environment.nanoClock());
        this.introductions = new Introductions(
                options, environment, services, this::addresses, protocols, connections, listeners, counters);
        this.ping = new PingService(environment.loops().sockets(), environment.nanoClock(), environment.random());
        introductions.serve();
        protocols.put(PingService.PROTOCOL, ping::answer);
    }

    /**
     * Starts listening; blocks until the sockets are bound.
     *
     * @throws io.kafila.libp2p.Libp2pException if one cannot be; the host is to be closed then
     */
    public void start() {
        sockets.listen(options.listen().stream().filter(this::isPossible).toList());
        trimming = environment
                .loops()
                .sockets()
                .scheduleWithFixedDelay(this::trim, TRIM_INTERVAL_MS, TRIM_INTERVAL_MS, TimeUnit.MILLISECONDS);
        if (options.localDiscovery()) {
            try {
                discovery = LocalPeers.discover(this, environment);
            } catch (Libp2pException e) {
                LOG.warn("no discovery in the local network: {}", e.getMessage());
            }
        }
    }

    @Override
    public PeerId peerId() {
        return self;
    }

    @Override
    public PublicKey publicKey() {
        return options.key().publicKey();
    }

    @Override
    public List<Multiaddr> listenAddresses() {
        return sockets.addresses();
    }

    @Override
    public List<Multiaddr> addresses() {
        return announced.of(sockets.addresses());
    }

    @Override
    public void handle(String protocol, StreamHandler handler) {
        if (protocols.put(protocol, handler)) {
            introductions.planPush();
        }
    }

    @Override
    public void unhandle(String protocol) {
        if (protocols.remove(protocol)) {
            introductions.planPush();
        }
    }

    @Override
    public Set<String> protocols() {
        return protocols.names();
    }

    @Override
    public CompletableFuture<Connection> connect(PeerId peer, Collection<Multiaddr> addresses) {
        HostConnection open = connections.oldest(peer);
        if (open != null) {
            return CompletableFuture.completedFuture(open);
        }
        String refusal = refusal(peer);
        if (refusal != null) {
            return CompletableFuture.failedFuture(new DialException(peer, refusal));
        }
        List<Dialer.Candidate> candidates = new ArrayList<>();
        addresses.forEach(address -> candidates.add(new Dialer.Candidate(address, true)));
        services.peerstore().addresses(peer).forEach(address -> candidates.add(new Dialer.Candidate(address, false)));
        return dialer.dial(peer, candidates).thenApply(connection -> connection);
    }

    @Override
    public CompletableFuture<Stream> newStream(PeerId peer, List<String> names) {
        return connect(peer, List.of()).thenCompose(connection -> connection.newStream(names));
    }

    @Override
    public CompletableFuture<Void> disconnect(PeerId peer) {
        List<CompletableFuture<Void>> closing = new ArrayList<>();
        for (HostConnection connection : connections.of(peer)) {
            closing.add(connection.closed());
            connection.close();
        }
        return CompletableFuture.allOf(closing.toArray(CompletableFuture<?>[]::new));
    }

    @Override
    public List<Connection> connections() {
        return List.copyOf(connections.all());
    }

    @Override
    public List<Connection> connections(PeerId peer) {
        return List.copyOf(connections.of(peer));
    }

    @Override
    public CompletableFuture<Duration> ping(PeerId peer) {
        return connect(peer, List.of()).thenCompose(ping::ping);
    }

    @Override
    public Peerstore peerstore() {
        return services.peerstore();
    }

    @Override
    public ConnectionManager connectionManager() {
        return manager;
    }

    @Override
    public ConnectionFilter connectionFilter() {
        return services.filter();
    }

    @Override
    public ResourceManager resources() {
        return services.resources();
    }

    @Override
    public BandwidthCounter bandwidth() {
        return services.bandwidth();
    }

    @Override
    public Map<String, Long> eventCounts() {
        return counters.snapshot();
    }

    @Override
    public void addListener(ConnectionListener listener) {
        listeners.add(listener);
    }

    @Override
    public void removeListener(ConnectionListener listener) {
        listeners.remove(listener);
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        MulticastDiscovery multicast = discovery;
        if (multicast != null) {
            multicast.close();
        }
        ScheduledFuture<?> timer = trimming;
        if (timer != null) {
            timer.cancel(false);
        }
        sockets.close();
        dialer.close();
        List<CompletableFuture<Void>> closing = new ArrayList<>();
        boolean inLoop = false;
        for (HostConnection connection : connections.close()) {
            inLoop |= connection.eventLoop().inEventLoop();
            closing.add(connection.closed());
            connection.close();
        }
        if (!inLoop) {
            await(CompletableFuture.allOf(closing.toArray(CompletableFuture<?>[]::new)));
        }
        // What is still in its handshake has no connection yet, and loops that are shared go on without this host.
        sockets.closeAccepted();
        services.close();
        environment.close();
    }

    @Override
    public ProtocolTable protocolTable() {
        return protocols;
    }

    @Override
    public Counters counters() {
        return counters;
    }

    @Override
    public YamuxOptions yamuxOptions() {
        return options.yamux();
    }

    @Override
    public LongSupplier nanoClock() {
        return environment.nanoClock();
    }

    @Override
    public void onSent(HostConnection connection, String protocol, int bytes) {
        services.onSent(connection.remotePeer(), protocol, bytes);
    }

    @Override
    public void onReceived(HostConnection connection, String protocol, int bytes) {
        services.onReceived(connection.remotePeer(), protocol, bytes);
    }

    @Override
    public void onDisconnected(HostConnection connection) {
        if (connections.remove(connection)) {
            if (connections.oldest(connection.remotePeer()) == null) {
                introductions.keepForLater(connection);
            }
            listeners.tell(listener -> listener.onDisconnected(connection));
        }
    }

    @Override
    public ConnectionScope openScope(Connection.Direction direction, Multiaddr remote) {
        return services.scopes().openConnection(direction, remote);
    }

    @Override
    public ConnectionUpgrade upgrade(
            Channel channel, Role role, @Nullable PeerId expected, ConnectionUpgrade.Listener listener) {
        return new ConnectionUpgrade(channel, role, expected, options.securities(), options.swarmKey(), listener);
    }

    @Override
    public @Nullable HostConnection adopt(Channel channel, HostConnection.Origin origin, ConnectionScope scope) {
        PeerId peer = origin.session().peer();
        String refusal = refusal(peer);
        if (refusal == null) {
            try {
                scope.setPeer(peer);
            } catch (ResourceLimitException e) {
                refusal = e.getMessage();
            }
        }
        HostConnection connection = new HostConnection(this, channel, origin, scope);
        if (refusal == null && !connections.add(connection)) {
            refusal = "the host is closed";
        }
        if (refusal != null) {
            counters.add("connection:refused");
            LOG.debug("{} refused: {}", connection, refusal);
            scope.close();
            channel.close();
            return null;
        }
        connection.start();
        listeners.tell(listener -> listener.onConnected(connection));
        introductions.exchange(connection);
        if (manager.isOver(connections.count())) {
            trim();
        }
        return connection;
    }

    @Override
    public @Nullable HostConnection connectionOf(PeerId peer) {
        return connections.oldest(peer);
    }

    @Override
    public boolean isOwnAddress(Multiaddr address) {
        return sockets.addresses().contains(address);
    }

    @Override
    public Instant now() {
        return environment.clock().instant();
    }

    /** Under which addresses peers have seen this host, and how many of them. */
    public Map<Multiaddr, Integer> observedAddresses() {
        return introductions.observedAddresses();
    }

    private void onAccepted(Channel channel, Transport transport) {
        Multiaddr remote = transport.remoteAddress(channel);
        ConnectionScope scope = admission(remote);
        if (scope == null) {
            counters.add("connection:refused");
            channel.close();
            return;
        }
        upgrade(channel, Role.RESPONDER, null, new ConnectionUpgrade.Listener() {
                    @Override
                    public void onUpgraded(SecuredSession session, String muxer) {
                        Multiaddr local = transport.localAddress(channel);
                        adopt(
                                channel,
                                new HostConnection.Origin(
                                        session, muxer, Connection.Direction.INBOUND, local, remote, now()),
                                scope);
                    }

                    @Override
                    public void onFailed(Throwable cause) {
                        counters.add(
                                cause instanceof HandshakeException failed
                                        ? "handshake:" + failed.kind().name().toLowerCase(Locale.ROOT)
                                        : "upgrade:failed");
                        LOG.debug("inbound connection from {} failed: {}", remote, cause.getMessage());
                        scope.close();
                    }
                })
                .start(ACCEPT_TIMEOUT_MS);
    }

    /** The wildcard of IPv6 stands in every default configuration; a machine without IPv6 does without it. */
    private boolean isPossible(Multiaddr address) {
        boolean wildcard6 = address.ipAddress()
                .filter(ip -> ip instanceof Inet6Address && ip.isAnyLocalAddress())
                .isPresent();
        if (wildcard6 && environment.interfaces().get().stream().noneMatch(Inet6Address.class::isInstance)) {
            LOG.info("not listening on {}: this machine has no IPv6", address);
            return false;
        }
        return true;
    }

    /** {@code null} if an inbound connection is not wanted. */
    private @Nullable ConnectionScope admission(Multiaddr remote) {
        if (closed.get() || !services.filter().permits(remote)) {
            return null;
        }
        try {
            return openScope(Connection.Direction.INBOUND, remote);
        } catch (ResourceLimitException e) {
            LOG.debug("inbound connection from {} refused: {}", remote, e.getMessage());
            return null;
        }
    }

    private @Nullable String refusal(PeerId peer) {
        if (closed.get()) {
            return "the host is closed";
        }
        if (peer.equals(self)) {
            return "it is this host itself";
        }
        return services.filter().permits(peer) ? null : "denied by the connection filter";
    }

    private void trim() {
        for (Connection connection : manager.surplus(connections.all())) {
            counters.add("connection:trimmed");
            LOG.debug("{} closed to keep the number of connections down", connection);
            connection.close();
        }
    }

    private static void await(CompletableFuture<Void> closing) {
        try {
            closing.get(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("connections still open {} ms after the close", CLOSE_TIMEOUT_MS);
        }
    }
}
