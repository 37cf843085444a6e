package io.kafila.libp2p.internal.mdns;

import io.kafila.libp2p.Libp2pException;
import io.kafila.libp2p.internal.transport.LoopGroups;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ties an {@link MdnsPeer} to the multicast group of IPv4 on every interface. Confined to the event loop of its socket; {@link
 * #close} may be called from anywhere.
 */
public final class MulticastDiscovery implements AutoCloseable {
    public static final int PORT = 5353;
    private static final String GROUP = "224.0.0.251";

    private static final Logger LOG = LoggerFactory.getLogger(MulticastDiscovery.class);

    /** Who wants to know. In the event loop. */
    public interface Listener {
        void onFound(PeerId peer, List<Multiaddr> addresses);

        /** Something of the local network was malformed or too much, by a name for a counter. */
        void onRefused(String what);
    }

    private final DatagramChannel channel;
    private final InetSocketAddress group;
    private final MdnsPeer peer;
    private final Listener listener;
    private final LongSupplier millis;
    private final Set<NetworkInterface> joined = new HashSet<>();
    private @Nullable ScheduledFuture<?> timer;
    private long limitedBefore;

    private MulticastDiscovery(
            DatagramChannel channel, InetSocketAddress group, MdnsPeer peer, Listener listener, LongSupplier millis) {
        this.channel = channel;
        this.group = group;
        this.peer = peer;
        this.listener = listener;
        this.millis = millis;
    }

    /**
     * Begins to ask and to answer. Blocks until the socket is bound.
     *
     * @param addresses what this peer can be dialed at, without its id
     * @param millis a clock that only goes forward
     * @throws Libp2pException if the port of multicast DNS is held by somebody who does not share it
     */
    public static MulticastDiscovery start(
            LoopGroups loops,
            PeerId self,
            Supplier<List<Multiaddr>> addresses,
            Listener listener,
            LongSupplier millis,
            RandomGenerator random) {
        DatagramChannel channel;
        InetSocketAddress group;
        try {
            group = new InetSocketAddress(InetAddress.getByName(GROUP), PORT);
            channel = (DatagramChannel) new Bootstrap()
                    .group(loops.sockets())
                    .channelFactory(loops.datagramChannel())
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .option(ChannelOption.IP_MULTICAST_TTL, 255)
                    .handler(new ChannelInboundHandlerAdapter()) // ours comes before the group is joined
                    .bind(new InetSocketAddress(InetAddress.getByAddress(new byte[4]), PORT))
                    .syncUninterruptibly()
                    .channel();
        } catch (Exception e) {
            throw new Libp2pException("mdns: cannot bind port " + PORT + ": " + e.getMessage(), e);
        }
        MdnsPeer peer = new MdnsPeer(self, addresses, random, millis.getAsLong());
        MulticastDiscovery discovery = new MulticastDiscovery(channel, group, peer, listener, millis);
        channel.eventLoop().execute(discovery::begin);
        return discovery;
    }

    private void begin() {
        channel.pipeline().addFirst(new SimpleChannelInboundHandler<DatagramPacket>() {
            @Override
            protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
                onPacket(packet);
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                LOG.debug("mdns: socket", cause);
            }
        });
        proceed(null);
    }

    private void onPacket(DatagramPacket packet) {
        InetSocketAddress sender = packet.sender();
        if (!isLocal(sender.getAddress())) {
            listener.onRefused("foreign");
            return;
        }
        DnsMessage message;
        try {
            if (packet.content().readableBytes() > DnsMessage.MAX_BYTES) {
                throw new Libp2pException("mdns: message of " + packet.content().readableBytes() + " bytes");
            }
            message = DnsCodec.decode(ByteBufUtil.getBytes(packet.content()));
        } catch (Libp2pException e) {
            LOG.debug("{} from {}", e.getMessage(), sender);
            listener.onRefused("malformed");
            return;
        }
        peer.onMessage(message, sender.getPort() != PORT, millis.getAsLong());
        proceed(sender);
    }

    /** Whether an address is of this machine or of a network that it is in: mDNS of others is none (RFC 6762 section 11). */
    private boolean isLocal(InetAddress address) {
        if (address.isLoopbackAddress() || address.isLinkLocalAddress()) {
            return true;
        }
        for (NetworkInterface each : joined) {
            for (InterfaceAddress own : each.getInterfaceAddresses()) {
                if (own.getAddress() instanceof Inet4Address
                        && samePrefix(
                                own.getAddress().getAddress(), address.getAddress(), own.getNetworkPrefixLength())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean samePrefix(byte[] left, byte[] right, int bits) {
        if (left.length != right.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> i % 8;
            if ((left[i / 8] & mask) != (right[i / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    private void proceed(@Nullable InetSocketAddress sender) {
        long nowMs = millis.getAsLong();
        if (nowMs >= peer.nextAtMs()) {
            joinNew();
            peer.onTime(nowMs);
        }
        for (MdnsPeer.Action action = peer.poll(); action != null; action = peer.poll()) {
            if (action instanceof MdnsPeer.Action.Multicast multicast) {
                multicast(multicast.message());
            } else if (action instanceof MdnsPeer.Action.Unicast unicast && sender != null) {
                send(unicast.message(), sender);
            } else if (action instanceof MdnsPeer.Action.Found found) {
                listener.onFound(found.peer(), found.addresses());
            }
        }
        for (; limitedBefore < peer.limited(); limitedBefore++) {
            listener.onRefused("limited");
        }
        ScheduledFuture<?> planned = timer;
        if (planned != null) {
            planned.cancel(false);
        }
        if (channel.isOpen()) {
            timer = channel.eventLoop()
                    .schedule(() -> proceed(null), Math.max(1, peer.nextAtMs() - nowMs), TimeUnit.MILLISECONDS);
        }
    }

    /** Interfaces come and go: those that have come are joined before each question. */
    private void joinNew() {
        List<NetworkInterface> present = interfaces();
        joined.retainAll(present);
        for (NetworkInterface each : present) {
            if (joined.add(each)) {
                channel.joinGroup(group, each).addListener(done -> {
                    if (!done.isSuccess()) {
                        joined.remove(each);
                        LOG.debug("mdns: cannot join {} on {}", GROUP, each.getName(), done.cause());
                    }
                });
            }
        }
    }

    private static List<NetworkInterface> interfaces() {
        List<NetworkInterface> usable = new ArrayList<>();
        try {
            for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
                if (each.isUp()
                        && each.supportsMulticast()
                        && each.inetAddresses().anyMatch(Inet4Address.class::isInstance)) {
                    usable.add(each);
                }
            }
        } catch (SocketException e) {
            LOG.debug("mdns: interfaces", e);
        }
        return usable;
    }

    private void multicast(DnsMessage message) {
        for (NetworkInterface each : joined) {
            try {
                channel.config().setNetworkInterface(each);
                send(message, group);
            } catch (RuntimeException e) {
                LOG.debug("mdns: cannot send on {}", each.getName(), e);
            }
        }
    }

    private void send(DnsMessage message, InetSocketAddress to) {
        byte[] bytes = DnsCodec.encode(message, DnsMessage.MAX_BYTES);
        channel.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(bytes), to))
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        LOG.debug("mdns: cannot send to {}", to, done.cause());
                    }
                });
    }

    /** Says goodbye and closes the socket. Idempotent. */
    @Override
    public void close() {
        try {
            channel.eventLoop().execute(() -> {
                if (channel.isOpen()) {
                    DnsMessage goodbye = peer.goodbye();
                    if (goodbye != null) {
                        multicast(goodbye);
                    }
                    if (timer != null) {
                        timer.cancel(false);
                    }
                    channel.close();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("mdns: closed after its event loop");
        }
    }
}
