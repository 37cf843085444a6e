package io.kafila.libp2p.internal.transport;

import io.kafila.multiformats.Multiaddr;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;

/** A way to reach addresses of one kind; all are literal, names were resolved before. Thread-safe. */
public interface Transport {

    /** Whether the address, without its {@code /p2p} part, is of this kind. */
    boolean handles(Multiaddr address);

    /** Opens a channel with {@code initializer} in its pipeline. */
    ChannelFuture dial(Multiaddr address, ChannelHandler initializer, int timeoutMs);

    /** Binds to an address; {@code initializer} goes into the pipeline of each accepted channel. */
    ChannelFuture listen(Multiaddr address, ChannelHandler initializer);

    Multiaddr localAddress(Channel channel);

    Multiaddr remoteAddress(Channel channel);
}
