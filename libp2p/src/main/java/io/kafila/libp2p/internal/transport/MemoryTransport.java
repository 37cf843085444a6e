package io.kafila.libp2p.internal.transport;

import io.kafila.multiformats.Multiaddr;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalServerChannel;
import java.net.SocketAddress;
import java.util.SplittableRandom;

/**
 * Connections between hosts of one JVM, {@code /memory/N}; N is known to the whole JVM, and listening on 0 takes a free one.
 */
public final class MemoryTransport implements Transport {
    private static final String PREFIX = "kafila-memory-";

    /** Free ports are drawn from above this, so that they do not meet those that were chosen. */
    private static final long FIRST_DRAWN = 1L << 32;

    private final LoopGroups loops;

    public MemoryTransport(LoopGroups loops) {
        this.loops = loops;
    }

    @Override
    public boolean handles(Multiaddr address) {
        return address.components().size() == 1 && address.value("memory").isPresent();
    }

    @Override
    public ChannelFuture dial(Multiaddr address, ChannelHandler initializer, int timeoutMs) {
        return ChannelDefaults.applyTo(new Bootstrap(), timeoutMs)
                .group(loops.memory())
                .channel(LocalChannel.class)
                .handler(initializer)
                .connect(new LocalAddress(PREFIX + number(address)));
    }

    @Override
    public ChannelFuture listen(Multiaddr address, ChannelHandler initializer) {
        String number = number(address);
        String bound = number.equals("0") ? Long.toString(drawn()) : number;
        return ChannelDefaults.applyTo(new ServerBootstrap())
                .group(loops.memory())
                .channel(LocalServerChannel.class)
                .childHandler(initializer)
                .bind(new LocalAddress(PREFIX + bound));
    }

    @Override
    public Multiaddr localAddress(Channel channel) {
        return multiaddr(channel.localAddress());
    }

    @Override
    public Multiaddr remoteAddress(Channel channel) {
        return multiaddr(channel.remoteAddress());
    }

    private static String number(Multiaddr address) {
        return address.value("memory")
                .orElseThrow(() -> new IllegalArgumentException("memory: address " + address + ", want /memory/N"));
    }

    private static long drawn() {
        return new SplittableRandom().nextLong(FIRST_DRAWN, Long.MAX_VALUE);
    }

    /** A dialing side has no number of its own; it shows as 0. */
    private static Multiaddr multiaddr(SocketAddress address) {
        String id = address instanceof LocalAddress local ? local.id() : "";
        return Multiaddr.parse("/memory/" + (id.startsWith(PREFIX) ? id.substring(PREFIX.length()) : "0"));
    }
}
