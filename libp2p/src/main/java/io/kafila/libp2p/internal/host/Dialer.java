package io.kafila.libp2p.internal.host;

import io.kafila.libp2p.Connection;
import io.kafila.libp2p.ConnectionFilter;
import io.kafila.libp2p.internal.limits.ConnectionScope;
import io.kafila.libp2p.internal.limits.ResourceLimitException;
import io.kafila.libp2p.internal.security.Role;
import io.kafila.libp2p.internal.security.SecuredSession;
import io.kafila.libp2p.internal.transport.AddressResolver;
import io.kafila.libp2p.internal.transport.Transport;
import io.kafila.libp2p.internal.transport.Transports;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Reaches peers. One attempt per peer at a time; a bounded number of channels being opened in all. Thread-safe. */
final class Dialer implements AutoCloseable {
    /** Channels being opened at once, as in go-libp2p; further ones wait. */
    static final int MAX_OPENING = 160;

    /** What the dialer needs of its host. */
    interface Owner {
        /** @throws ResourceLimitException if it is refused */
        ConnectionScope openScope(Connection.Direction direction, Multiaddr remote);

        ConnectionUpgrade upgrade(
                Channel channel, Role role, @Nullable PeerId expected, ConnectionUpgrade.Listener listener);

        /** Makes the channel a connection of the host; {@code null}, with the reason counted, if it must not be one. */
        @Nullable
        HostConnection adopt(Channel channel, HostConnection.Origin origin, ConnectionScope scope);

        @Nullable
        HostConnection connectionOf(PeerId peer);

        boolean isOwnAddress(Multiaddr address);

        Instant now();
    }

    /**
     * An address to try.
     *
     * @param insistent whether it was named by the caller, and is tried although it failed lately
     */
    record Candidate(Multiaddr address, boolean insistent) {}

    /** What becomes of one address; from any thread. */
    interface Attempt {
        void onChannel(Channel channel);

        /** Whether another address was faster. */
        boolean isCancelled();

        void onConnected(HostConnection connection);

        void onFailed(String reason);
    }

    private final Owner owner;
    private final Transports transports;
    private final AddressResolver resolver;
    private final ConnectionFilter filter;
    private final EventLoopGroup loops;
    private final LongSupplier nanoClock;
    private final DialBackoff backoff = new DialBackoff();
    private final Map<PeerId, PeerDial> dials = new HashMap<>();
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private int opening;
    private boolean closed;

    Dialer(
            Owner owner,
            Transports transports,
            AddressResolver resolver,
            ConnectionFilter filter,
            EventLoopGroup loops,
            LongSupplier nanoClock) {
        this.owner = owner;
        this.transports = transports;
        this.resolver = resolver;
        this.filter = filter;
        this.loops = loops;
        this.nanoClock = nanoClock;
    }

    /** Joins or starts the attempt to reach {@code peer}. */
    CompletableFuture<HostConnection> dial(PeerId peer, Collection<Candidate> candidates) {
        PeerDial dial;
        boolean rejected;
        synchronized (this) {
            rejected = closed;
            dial = dials.get(peer);
            if (dial == null) {
                dial = new PeerDial(peer, this, loops.next());
                if (!rejected) {
                    dials.put(peer, dial);
                }
            }
        }
        if (rejected) {
            dial.abort("the host is closed");
        } else {
            dial.add(candidates);
        }
        return dial.result().copy();
    }

    @Override
    public void close() {
        List<PeerDial> open;
        synchronized (this) {
            closed = true;
            open = List.copyOf(dials.values());
            waiting.clear();
        }
        open.forEach(dial -> dial.abort("the host is closed"));
    }

    long nowNanos() {
        return nanoClock.getAsLong();
    }

    CompletableFuture<List<Multiaddr>> resolve(Multiaddr address) {
        return resolver.resolve(address);
    }

    @Nullable
    HostConnection connectionOf(PeerId peer) {
        return owner.connectionOf(peer);
    }

    /** Why an address is not tried at all; {@code null} if it is. */
    @Nullable
    String refusal(PeerId peer, Candidate candidate) {
        Optional<PeerId> named = candidate.address().peerId();
        Multiaddr address = candidate.address().withoutPeerId();
        if (named.isPresent() && !named.get().equals(peer)) {
            return "address of another peer, " + named.get();
        }
        if (transports.transportFor(address).isEmpty()) {
            return "no transport for it";
        }
        if (!filter.permits(address)) {
            return "denied by the connection filter";
        }
        if (owner.isOwnAddress(address)) {
            return "address of this host";
        }
        if (!candidate.insistent() && backoff.isBackingOff(address, nowNanos())) {
            return "failed lately, left alone for a while";
        }
        return null;
    }

    synchronized void onOver(PeerId peer, PeerDial dial) {
        dials.remove(peer, dial);
    }

    /** Dials one literal address, now or when others are through. */
    void dial(PeerId peer, Multiaddr address, Attempt attempt) {
        Runnable action = () -> open(peer, address, attempt);
        synchronized (this) {
            if (opening >= MAX_OPENING) {
                waiting.add(action);
                return;
            }
            opening++;
        }
        action.run();
    }

    /** What went wrong, for a user: the innermost message that says something. */
    static String reason(Throwable cause) {
        Throwable shown = cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
        String message = shown.getMessage();
        return message == null ? shown.getClass().getSimpleName() : message;
    }

    /** The same of a dial; a port where nobody listens reads the same with every event loop, and as in Go. */
    private static String dialReason(Multiaddr address, Throwable cause) {
        String reason = reason(cause);
        Optional<InetSocketAddress> remote = address.tcpAddress();
        if (remote.isEmpty() || !(cause instanceof ConnectException) || !reason.contains("onnection refused")) {
            return reason;
        }
        boolean four = remote.get().getAddress() instanceof Inet4Address;
        String host = remote.get().getAddress().getHostAddress();
        return "dial tcp" + (four ? "4 " + host : "6 [" + host + "]") + ":"
                + remote.get().getPort() + ": connect: connection refused";
    }

    private void open(PeerId peer, Multiaddr address, Attempt attempt) {
        Transport transport = transports.transportFor(address).orElseThrow();
        ConnectionScope scope;
        try {
            scope = owner.openScope(Connection.Direction.OUTBOUND, address);
        } catch (ResourceLimitException e) {
            release();
            attempt.onFailed(reason(e));
            return;
        }
        int timeoutMs = DialRanking.timeoutMs(address);
        OpeningChannel opening = new OpeningChannel(peer, address, transport, scope, attempt);
        ChannelFuture connecting = transport.dial(
                address,
                new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        attempt.onChannel(channel);
                        opening.channel = channel;
                        owner.upgrade(channel, Role.INITIATOR, peer, opening).start(timeoutMs);
                    }
                },
                timeoutMs);
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                opening.onFailed(done.cause());
            }
        });
    }

    private void release() {
        Runnable next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                opening--;
            }
        }
        if (next != null) {
            next.run();
        }
    }

    /** One channel on its way; in its event loop. */
    private final class OpeningChannel implements ConnectionUpgrade.Listener {
        private final PeerId peer;
        private final Multiaddr address;
        private final Transport transport;
        private final ConnectionScope scope;
        private final Attempt attempt;
        private @Nullable Channel channel;
        private boolean over;

        OpeningChannel(PeerId peer, Multiaddr address, Transport transport, ConnectionScope scope, Attempt attempt) {
            this.peer = peer;
            this.address = address;
            this.transport = transport;
            this.scope = scope;
            this.attempt = attempt;
        }

        @Override
        public void onUpgraded(SecuredSession session, String muxer) {
            Channel upgraded = channel;
            if (over || upgraded == null) {
                return;
            }
            over = true;
            release();
            backoff.onSuccess(address);
            HostConnection connection = owner.adopt(
                    upgraded,
                    new HostConnection.Origin(
                            session,
                            muxer,
                            Connection.Direction.OUTBOUND,
                            transport.localAddress(upgraded),
                            address,
                            owner.now()),
                    scope);
            if (connection == null) {
                attempt.onFailed("connection to " + peer + " not admitted");
            } else {
                attempt.onConnected(connection);
            }
        }

        @Override
        public void onFailed(Throwable cause) {
            if (over) {
                return;
            }
            over = true;
            release();
            scope.close();
            if (!attempt.isCancelled()) {
                backoff.onFailure(address, nowNanos());
            }
            attempt.onFailed(dialReason(address, cause));
        }
    }
}
