package io.kafila.libp2p.internal.transport;

import io.kafila.libp2p.Libp2pException;
import io.kafila.multiformats.Multiaddr;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** TCP over IPv4 and IPv6, {@code /ip4/../tcp/..} and {@code /ip6/../tcp/..}. */
public final class TcpTransport implements Transport {
    private static final int BACKLOG = 1024;

    /** IPPROTO_IPV6 and IPV6_V6ONLY of Linux. */
    private static final IntegerUnixChannelOption IPV6_ONLY = new IntegerUnixChannelOption("IPV6_V6ONLY", 41, 26);

    private final LoopGroups loops;

    public TcpTransport(LoopGroups loops) {
        this.loops = loops;
    }

    @Override
    public boolean handles(Multiaddr address) {
        return address.components().size() == 2 && address.tcpAddress().isPresent();
    }

    @Override
    public ChannelFuture dial(Multiaddr address, ChannelHandler initializer, int timeoutMs) {
        return ChannelDefaults.applyTo(new Bootstrap(), timeoutMs)
                .group(loops.sockets())
                .channel(loops.socketChannel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .handler(prepared(initializer))
                .connect(socketAddress(address));
    }

    @Override
    public ChannelFuture listen(Multiaddr address, ChannelHandler initializer) {
        InetSocketAddress socketAddress = socketAddress(address);
        boolean four = socketAddress.getAddress() instanceof Inet4Address;
        ServerBootstrap bootstrap = ChannelDefaults.applyTo(new ServerBootstrap());
        if (loops.isEpoll() && !four) {
            bootstrap.option(IPV6_ONLY, 1);
        }
        return bootstrap
                .group(loops.sockets())
                .channelFactory(loops.serverChannel(four ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6))
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(prepared(initializer))
                .bind(socketAddress);
    }

    private ChannelHandler prepared(ChannelHandler initializer) {
        return loops.isEpoll() ? ReceiveWindow.before(initializer) : initializer;
    }

    @Override
    public Multiaddr localAddress(Channel channel) {
        return multiaddr(channel.localAddress());
    }

    @Override
    public Multiaddr remoteAddress(Channel channel) {
        return multiaddr(channel.remoteAddress());
    }

    private static InetSocketAddress socketAddress(Multiaddr address) {
        return address.tcpAddress()
                .orElseThrow(() ->
                        new IllegalArgumentException("tcp: address " + address + ", want /ip4 or /ip6 with /tcp"));
    }

    private static Multiaddr multiaddr(SocketAddress address) {
        if (address instanceof InetSocketAddress internet) {
            return Multiaddr.tcp(internet);
        }
        throw new Libp2pException("tcp: channel without an internet address: " + address);
    }
}
