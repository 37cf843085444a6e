package io.kafila.libp2p.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kafila.multiformats.Multiaddr;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TcpTransportTest {
    @Test
    void receiveWindow_ofBothSides_beginsLarge_andAnyByteWakesTheReader() throws Exception {
        try (LoopGroups loops = new LoopGroups(1)) {
            assumeTrue(loops.isEpoll(), "only epoll's channels have the option");
            TcpTransport transport = new TcpTransport(loops);
            CompletableFuture<Channel> accepted = new CompletableFuture<>();
            Channel listener = transport
                    .listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"), new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            accepted.complete(channel);
                        }
                    })
                    .sync()
                    .channel();
            Channel dialed = transport
                    .dial(transport.localAddress(listener), new ChannelInboundHandlerAdapter(), 5_000)
                    .sync()
                    .channel();

            for (Channel channel : new Channel[] {dialed, accepted.get(5, TimeUnit.SECONDS)}) {
                assertThat(channel.config().getOption(ChannelOption.SO_RCVBUF))
                        .isGreaterThanOrEqualTo(ReceiveWindow.FIRST_BYTES);
                assertThat(channel.config().getOption(ReceiveWindow.RECEIVE_LOW_WATER))
                        .isEqualTo(1);
            }
            dialed.close().sync();
            listener.close().sync();
        }
    }
}
