package io.kafila.bitswap;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.Blockstore;
import io.kafila.blockstore.Cursor;
import io.kafila.blockstore.MemoryBlockstore;
import io.kafila.libp2p.EventLoops;
import io.kafila.libp2p.Host;
import io.kafila.libp2p.HostBuilder;
import io.kafila.libp2p.routing.ContentRouting;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.Payload;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.PrivateKey;
import io.kafila.testkit.Seed;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A host with a store in memory and an exchange, and the blocks that tests pass about. */
final class TestNode implements AutoCloseable {
    final Host host;
    final MemoryBlockstore store = new MemoryBlockstore();
    final Bitswap bitswap;

    TestNode(EventLoops loops, BitswapOptions options, ContentRouting routing, int corruptEvery) {
        host = new HostBuilder(PrivateKey.generate(KeyType.ED25519, new SecureRandom()))
                .eventLoops(loops)
                .listen(List.of(Multiaddr.parse("/memory/0")))
                .start();
        Blockstore served = corruptEvery == 0 ? store : new CorruptStore(store, corruptEvery);
        bitswap = new Bitswap(host, served, routing, options);
    }

    TestNode(EventLoops loops) {
        this(loops, BitswapOptions.DEFAULT, ContentRouting.none(), 0);
    }

    PeerId id() {
        return host.peerId();
    }

    void connect(TestNode other) throws Exception {
        host.connect(other.id(), other.host.addresses()).get(10, TimeUnit.SECONDS);
    }

    void put(Collection<Block> blocks) throws Exception {
        store.putAll(List.copyOf(blocks)).get(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        bitswap.close();
        host.close();
        store.close();
    }

    static List<Block> blocks(long seed, int count, int sizeBytes) {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] bytes = new Seed(seed * 100_000 + i).bytes(sizeBytes);
            blocks.add(new Block(Cid.v1(0x55, HashFunction.SHA2_256.digest(bytes)), Payload.of(bytes)));
        }
        return blocks;
    }

    static List<Cid> cids(List<Block> blocks) {
        return blocks.stream().map(Block::cid).toList();
    }

    /** A store that hands out every n-th block with a bit turned over. */
    private record CorruptStore(Blockstore store, int every, AtomicInteger reads) implements Blockstore {
        CorruptStore(Blockstore store, int every) {
            this(store, every, new AtomicInteger());
        }

        private Optional<Block> spoil(Optional<Block> found) {
            if (found.isEmpty() || reads.incrementAndGet() % every != 0) {
                return found;
            }
            try (Block block = found.get()) {
                byte[] bytes = block.payload().toByteArray();
                bytes[bytes.length / 2] ^= 1;
                return Optional.of(new Block(block.cid(), Payload.of(bytes)));
            }
        }

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
            return store.get(cid).thenApply(this::spoil);
        }

        @Override
        public CompletableFuture<List<Optional<Block>>> getAll(List<Cid> cids) {
            return store.getAll(cids)
                    .thenApply(found -> found.stream().map(this::spoil).toList());
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
}
