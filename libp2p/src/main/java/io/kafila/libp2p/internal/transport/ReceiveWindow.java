package io.kafila.libp2p.internal.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.unix.IntegerUnixChannelOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the receive window of a TCP connection begin larger than Linux' 64 KiB, without an end to its autotuning.
 *
 * <p>The window doubles only once more than it has come within one round trip. On a long link a sender fills it to the
 * byte, so that it can stay as it is for several round trips; BBR takes that for the link's capacity and needs seconds
 * to find out. Setting the buffer's size would end the autotuning. Asking to be woken only for so many bytes makes the
 * kernel raise the buffer, to half of {@code tcp_rmem}'s maximum at most, and leaves the autotuning on; the wish is
 * taken back at once.
 */
final class ReceiveWindow {
    static final int FIRST_BYTES = 1024 * 1024;

    /** SOL_SOCKET and SO_RCVLOWAT of Linux. */
    static final IntegerUnixChannelOption RECEIVE_LOW_WATER = new IntegerUnixChannelOption("SO_RCVLOWAT", 1, 18);

    private static final Logger LOG = LoggerFactory.getLogger(ReceiveWindow.class);

    private ReceiveWindow() {}

    /** An initializer that does so before another one does its part; only for the channels of epoll. */
    static ChannelHandler before(ChannelHandler initializer) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(initializer);
                try {
                    channel.config().setOption(RECEIVE_LOW_WATER, FIRST_BYTES);
                    channel.config().setOption(RECEIVE_LOW_WATER, 1);
                } catch (ChannelException e) {
                    // A kernel that does without this still carries connections.
                    LOG.debug("tcp: the receive window begins as the system has it: {}", e.toString());
                }
            }
        };
    }
}
