package io.kafila.bitswap.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.bitswap.internal.wire.BlockMemory;
import io.kafila.bitswap.internal.wire.ProtocolVersion;
import io.kafila.libp2p.Connection;
import io.kafila.libp2p.Stream;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Payload;
import io.kafila.multiformats.PeerId;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InboundStreamTest {
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    /** The event loop's tasks, which the test runs. */
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    private int messages;

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    /** Gives the bytes at once, and then nothing. */
    private final class Sender implements Stream {
        private byte @Nullable [] bytes;

        Sender(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public Connection connection() {
            PeerId peer = PeerId.of(HashFunction.SHA2_256.digest(new byte[1]));
            return (Connection) Proxy.newProxyInstance(
                    Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (self, method, words) -> {
                        assertThat(method.getName()).isEqualTo("remotePeer");
                        return peer;
                    });
        }

        @Override
        public String protocol() {
            return ProtocolVersion.V1_2.id();
        }

        @Override
        public boolean isInitiator() {
            return false;
        }

        @Override
        public Executor executor() {
            return tasks::add;
        }

        @Override
        public CompletableFuture<@Nullable Payload> read(int maxBytes) {
            byte[] all = bytes;
            bytes = null;
            return all == null ? new CompletableFuture<>() : CompletableFuture.completedFuture(Payload.of(all));
        }

        @Override
        public CompletableFuture<Void> write(Payload payload) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Void> closeWrite() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void reset() {}

        @Override
        public void close() {}
    }

    @Test
    void manyMessagesOfOneByte_letTheEventLoopHaveItsTurn() {
        InboundStream.Listener counting = new InboundStream.Listener() {
            @Override
            public void onMessage(InboundMessage message) {
                messages++;
                message.discard();
            }

            @Override
            public void onEnd(InboundStream stream, @Nullable Throwable error) {}
        };
        Sender sender = new Sender(new byte[150]);
        new InboundStream(
                        sender,
                        false,
                        new ByteBudget(1 << 20, 1 << 20),
                        BlockMemory.NONE,
                        new Loop(executor, System::nanoTime),
                        counting)
                .start();

        for (int seen : new int[] {64, 128, 150}) {
            assertThat(tasks).hasSize(1);
            tasks.remove().run();
            assertThat(messages).isEqualTo(seen);
        }
        assertThat(tasks).isEmpty();
    }
}
