package io.kafila.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.bitswap.Bitswap;
import io.kafila.bitswap.BitswapOptions;
import io.kafila.bitswap.BitswapStat;
import io.kafila.blockstore.Block;
import io.kafila.blockstore.Blockstore;
import io.kafila.blockstore.Cursor;
import io.kafila.blockstore.MemoryBlockRepository;
import io.kafila.dag.WalkOptions;
import io.kafila.libp2p.Host;
import io.kafila.libp2p.HostBuilder;
import io.kafila.libp2p.routing.ContentRouting;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.Payload;
import io.kafila.multiformats.PrivateKey;
import io.kafila.node.internal.Pull;
import io.kafila.testkit.Seed;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One file at three good peers, one of them slow, and one that corrupts every tenth block. */
class SeveralSourcesTest {
    private static final int SIZE = 48 * 1024 * 1024;

    /** A store whose answers to {@code get} are changed on their way out. */
    private record Tampered(Blockstore store, UnaryOperator<CompletableFuture<Optional<Block>>> change)
            implements Blockstore {
        @Override
        public CompletableFuture<Boolean> has(Cid cid) {
            return store.has(cid);
        }

        @Override
        public CompletableFuture<OptionalInt> size(Cid cid) {
            return store.size(cid);
        }

        @Override
        public CompletableFuture<Optional<Block>> get(Cid cid) {
            return change.apply(store.get(cid));
        }

        @Override
        public CompletableFuture<List<Optional<Block>>> getAll(List<Cid> cids) {
            List<CompletableFuture<Optional<Block>>> answers =
                    cids.stream().map(this::get).toList();
            return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                    .thenApply(nothing ->
                            answers.stream().map(CompletableFuture::join).toList());
        }

        @Override
        public CompletableFuture<Void> putAll(List<Block> blocks) {
            return store.putAll(blocks);
        }

        @Override
        public CompletableFuture<Void> deleteAll(Collection<Cid> cids) {
            return store.deleteAll(cids);
        }

        @Override
        public Cursor<Cid> keys() {
            return store.keys();
        }

        @Override
        public void close() {
            store.close();
        }
    }

    /** A peer that serves a store and does nothing else. */
    private record Server(Host host, Bitswap bitswap, Blockstore store) implements AutoCloseable {
        static Server start(Blockstore store) {
            Host host = new HostBuilder(PrivateKey.generate(KeyType.ED25519, new SecureRandom()))
                    .listen(List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")))
                    .start();
            return new Server(host, new Bitswap(host, store, ContentRouting.none(), BitswapOptions.DEFAULT), store);
        }

        List<Multiaddr> addresses() {
            return host.addresses().stream()
                    .map(address -> address.withPeerId(host.peerId()))
                    .toList();
        }

        @Override
        public void close() {
            bitswap.close();
            host.close();
            store.close();
        }
    }

    private static Blockstore copy(KafilaNode from, Cid root) {
        MemoryBlockRepository store = new MemoryBlockRepository();
        Pull.inSequence(
                        from.dag().walkLocal(List.of(root), WalkOptions.DEFAULT),
                        step -> store.put(step.block().orElseThrow()).whenComplete((nothing, fault) -> step.close()))
                .join();
        return store;
    }

    private static CompletableFuture<Optional<Block>> corruptEveryTenth(
            CompletableFuture<Optional<Block>> answer, AtomicInteger served) {
        return answer.thenApply(found -> found.map(block -> {
            if (served.incrementAndGet() % 10 != 0) {
                return block;
            }
            byte[] bytes = block.payload().toByteArray();
            block.close();
            bytes[bytes.length / 2] ^= 1;
            return new Block(block.cid(), Payload.of(bytes));
        }));
    }

    @Test
    @Timeout(120)
    void slowAndCorruptPeers_fetchIsExact_allGoodPeersGive() throws Exception {
        byte[] content = new Seed(20).bytes(SIZE);
        AtomicInteger served = new AtomicInteger();
        Executor later = CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);
        try (KafilaNode origin = KafilaNode.builder().offline().start()) {
            Cid root = origin.files().add(new ByteArrayInputStream(content)).join();
            try (Server good = Server.start(copy(origin, root));
                    Server slow = Server.start(
                            new Tampered(copy(origin, root), answer -> answer.thenApplyAsync(found -> found, later)));
                    Server corrupt = Server.start(
                            new Tampered(copy(origin, root), answer -> corruptEveryTenth(answer, served)));
                    KafilaNode reader = KafilaNode.builder().start()) {
                for (Server server : List.of(good, slow, corrupt)) {
                    reader.swarm().connect(server.addresses()).get(10, TimeUnit.SECONDS);
                }
                try (SeekableByteChannel file = reader.files().open(root).join()) {
                    ByteBuffer read = ByteBuffer.allocate(SIZE);
                    while (read.hasRemaining() && file.read(read) >= 0) {}
                    assertThat(read.array()).isEqualTo(content);
                }
                for (BitswapStat.PeerStat peer : reader.bitswap().stat().byPeer()) {
                    boolean corrupting = peer.peer().equals(corrupt.host().peerId());
                    assertThat(peer.unwantedBlocks() > 0)
                            .as("corrupt blocks from " + peer)
                            .isEqualTo(corrupting);
                    assertThat(peer.blocksReceived()).as("blocks from " + peer).isPositive();
                }
                assertThat(reader.bitswap().stat().byPeer()).hasSize(3);
            }
        }
    }
}
