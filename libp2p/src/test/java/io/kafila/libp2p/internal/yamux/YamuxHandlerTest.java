package io.kafila.libp2p.internal.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.libp2p.StreamException;
import io.kafila.libp2p.internal.ScarceAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class YamuxHandlerTest {
    private final ScarceAllocator allocator = new ScarceAllocator(1);
    private final List<Throwable> ended = new ArrayList<>();
    private final YamuxHandler handler =
            new YamuxHandler(true, YamuxOptions.DEFAULT, System::nanoTime, new YamuxHandler.Owner() {
                @Override
                public @Nullable StreamBudget admit(boolean inbound) {
                    return new StreamBudget() {
                        @Override
                        public boolean reserve(int bytes) {
                            return true;
                        }

                        @Override
                        public void release(int bytes) {}

                        @Override
                        public void close() {}
                    };
                }

                @Override
                public void onStream(YamuxStream stream) {}

                @Override
                public void onEnded(Throwable cause) {
                    ended.add(cause);
                }
            });

    private static YamuxStream.Listener deaf() {
        return new YamuxStream.Listener() {
            @Override
            public void onReadable() {}

            @Override
            public void onBroken(StreamException cause) {}

            @Override
            public void onGone() {}
        };
    }

    @Test
    void flush_noMemoryForAFrame_losesTheConnection_andLeavesNothingOut() {
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        YamuxStream stream = handler.session().open();
        stream.attach(deaf());
        List<ByteBuf> sent = new ArrayList<>();
        List<@Nullable Throwable> done = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ByteBuf bytes = Unpooled.directBuffer(10_000).writeZero(10_000);
            sent.add(bytes);
            stream.write(bytes, done::add);
        }
        channel.config().setAllocator(allocator);
        handler.requestFlush();
        channel.runPendingTasks();

        assertThat(ended)
                .singleElement()
                .satisfies(cause -> assertThat(cause).hasMessageStartingWith("connection lost: cannot send: "));
        assertThat(channel.isOpen()).isFalse();
        assertThat(done).hasSize(3);
        channel.releaseOutbound();
        assertThat(sent).allSatisfy(bytes -> assertThat(bytes.refCnt()).isZero());
        assertThat(allocator.unreleased()).isZero();
    }
}
