package io.kafila.bitswap;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.bitswap.internal.wire.Message;
import io.kafila.bitswap.internal.wire.MessageAssembler;
import io.kafila.bitswap.internal.wire.MessageDecoder;
import io.kafila.bitswap.internal.wire.ProtocolVersion;
import io.kafila.blockstore.Block;
import io.kafila.blockstore.exchange.FetchOptions;
import io.kafila.blockstore.exchange.FetchSession;
import io.kafila.libp2p.EventLoops;
import io.kafila.libp2p.Host;
import io.kafila.libp2p.HostBuilder;
import io.kafila.libp2p.Stream;
import io.kafila.libp2p.routing.ContentRouting;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.Payload;
import io.kafila.multiformats.PrivateKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;

/** Hosts on the memory transport, and what is done with them in whole exchanges. Everything opened is closed after each test. */
abstract class ExchangeSetup {
    static final int WAIT_SECONDS = 30;

    final EventLoops loops = EventLoops.create(2);
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
        loops.close();
    }

    final <T extends AutoCloseable> T opened(T closeable) {
        opened.add(closeable);
        return closeable;
    }

    final TestNode node() {
        return opened(new TestNode(loops));
    }

    final TestNode node(BitswapOptions options) {
        return opened(new TestNode(loops, options, ContentRouting.none(), 0));
    }

    final FetchSession session(TestNode node) {
        return opened(node.bitswap.newSession(FetchOptions.DEFAULT));
    }

    static Block get(CompletableFuture<Block> future) throws Exception {
        return future.get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    static void await(BooleanSupplier condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(end);
            // What is awaited has no event to wait for.
            new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS);
        }
    }

    static void fetchAll(FetchSession session, List<Block> blocks) throws Exception {
        List<CompletableFuture<Block>> fetches = new ArrayList<>();
        blocks.forEach(block -> fetches.add(session.fetch(block.cid())));
        for (int i = 0; i < blocks.size(); i++) {
            try (Block got = get(fetches.get(i))) {
                assertThat(got.cid()).isEqualTo(blocks.get(i).cid());
                assertThat(got.payload().buffer())
                        .isEqualTo(blocks.get(i).payload().buffer());
            }
        }
    }

    final Host stranger() {
        return opened(new HostBuilder(PrivateKey.generate(KeyType.ED25519, new SecureRandom()))
                .eventLoops(loops)
                .listen(List.of(Multiaddr.parse("/memory/0")))
                .start());
    }

    static Stream stream(Host from, TestNode to) throws Exception {
        from.connect(to.id(), to.host.addresses()).get(WAIT_SECONDS, TimeUnit.SECONDS);
        return from.newStream(to.id(), ProtocolVersion.ids()).get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    static void collect(Stream stream, MessageAssembler assembler, BlockingQueue<Message> messages) {
        stream.read().whenComplete((piece, error) -> {
            if (piece == null) {
                assembler.close();
                return;
            }
            assembler.take(piece);
            for (Payload body = assembler.poll(); body != null; body = assembler.poll()) {
                messages.add(MessageDecoder.decode(body));
                body.close();
            }
            collect(stream, assembler, messages);
        });
    }
}
