package io.kafila.libp2p.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReceiveWindowTest {
    private final List<Object> asked = new ArrayList<>();
    private final ChannelHandler initializer = new ChannelInboundHandlerAdapter();

    /** A channel that hears what it is asked for. */
    private EmbeddedChannel channel(boolean refuses) {
        return new EmbeddedChannel(ReceiveWindow.before(initializer)) {
            private @Nullable ChannelConfig config;

            /** Asked for before this object is whole. */
            @Override
            public ChannelConfig config() {
                if (config == null) {
                    config = new ListeningConfig(this, asked, refuses);
                }
                return config;
            }
        };
    }

    private static final class ListeningConfig extends DefaultChannelConfig {
        private final List<Object> asked;
        private final boolean refuses;

        ListeningConfig(Channel channel, List<Object> asked, boolean refuses) {
            super(channel);
            this.asked = asked;
            this.refuses = refuses;
        }

        @Override
        public <T> boolean setOption(ChannelOption<T> option, T value) {
            if (!option.equals(ReceiveWindow.RECEIVE_LOW_WATER)) {
                return super.setOption(option, value);
            }
            asked.add(value);
            if (refuses) {
                throw new ChannelException("Protocol not available");
            }
            return true;
        }
    }

    @Test
    void initialized_asksForTheWindow_andTakesTheWishBack() {
        EmbeddedChannel channel = channel(false);
        assertThat(asked).containsExactly(ReceiveWindow.FIRST_BYTES, 1);
        assertThat(channel.pipeline().context(initializer)).isNotNull();
        channel.close();
    }

    @Test
    void kernelWithoutTheOption_connectsAllTheSame() {
        EmbeddedChannel channel = channel(true);
        assertThat(asked).containsExactly(ReceiveWindow.FIRST_BYTES);
        assertThat(channel.pipeline().context(initializer))
                .extracting(ChannelHandlerContext::isRemoved)
                .isEqualTo(false);
        assertThat(channel.isOpen()).isTrue();
        channel.close();
    }
}
