package io.kafila.bitswap;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.Blockstore;
import io.kafila.blockstore.Cursor;
import io.kafila.blockstore.MemoryBlockstore;
import io.kafila.blockstore.WriteBuffer;
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
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A host with a store in memory and an exchange, and the blocks that tests pass about. */
final class TestNode implements AutoCloseable {
    final Host host;
    final MemoryBlockstore store = new MemoryBlockstore();
    final Bitswap bitswap;

    TestNode(EventLoops loops, BitswapOptions options, ContentRouting routing, int corruptEvery) {
        this(loops, options, routing, corruptEvery, null);
    }

    TestNode(EventLoops loops, BitswapOptions options, ContentRouting routing, Blockstore other) {
        this(loops, options, routing, 0, other);
    }

    private TestNode(
            EventLoops loops, BitswapOptions options, ContentRouting routing, int corruptEvery, Blockstore other) {
        host = new HostBuilder(PrivateKey.generate(KeyType.ED25519, new SecureRandom()))
                .eventLoops(loops)
                .listen(List.of(Multiaddr.parse("/memory/0")))
                .start();
        Blockstore mine = other == null ? store : other;
        Blockstore served = corruptEvery == 0 ? mine : new CorruptStore(mine, corruptEvery);
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

    /** A store that passes everything on. */
    private static class Passing implements Blockstore {
        final Blockstore store;

        Passing(Blockstore store) {
            this.store = store;
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
            return store.get(cid);
        }

        @Override
        public CompletableFuture<List<Optional<Block>>> getAll(List<Cid> cids) {
            return store.getAll(cids);
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

    /** A store that hands out every n-th block with a bit turned over. */
    private static final class CorruptStore extends Passing {
        private final int every;
        private final AtomicInteger reads = new AtomicInteger();

        CorruptStore(Blockstore store, int every) {
            super(store);
            this.every = every;
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
        public CompletableFuture<Optional<Block>> get(Cid cid) {
            return store.get(cid).thenApply(this::spoil);
        }

        @Override
        public CompletableFuture<List<Optional<Block>>> getAll(List<Cid> cids) {
            return store.getAll(cids)
                    .thenApply(found -> found.stream().map(this::spoil).toList());
        }
    }

    /** A store whose puts wait until it is opened, or fail. */
    static final class GatedStore extends Passing {
        private final CompletableFuture<Void> gate = new CompletableFuture<>();
        private int waiting;
        private long waitingBytes;
        private long mostWaitingBytes;

        GatedStore(Blockstore store) {
            super(store);
        }

        void open() {
            gate.complete(null);
        }

        void fail(RuntimeException reason) {
            gate.completeExceptionally(reason);
        }

        synchronized int waiting() {
            return waiting;
        }

        synchronized long mostWaitingBytes() {
            return mostWaitingBytes;
        }

        private synchronized void count(int puts, long bytes) {
            waiting += puts;
            waitingBytes += bytes;
            mostWaitingBytes = Math.max(mostWaitingBytes, waitingBytes);
        }

        @Override
        public CompletableFuture<Void> putAll(List<Block> blocks) {
            long bytes = blocks.stream().mapToLong(Block::sizeBytes).sum();
            count(1, bytes);
            return gate.thenCompose(open -> store.putAll(blocks)).whenComplete((done, error) -> count(-1, -bytes));
        }
    }

    /** A store whose reads of several blocks have them at once and hand them out when it is opened. */
    static final class GatedReads extends Passing {
        private final CompletableFuture<Void> gate = new CompletableFuture<>();
        private final AtomicInteger waiting = new AtomicInteger();

        GatedReads(Blockstore store) {
            super(store);
        }

        void open() {
            gate.complete(null);
        }

        int waiting() {
            return waiting.get();
        }

        @Override
        public CompletableFuture<List<Optional<Block>>> getAll(List<Cid> cids) {
            return store.getAll(cids).thenCompose(found -> {
                waiting.incrementAndGet();
                return gate.thenApply(open -> found);
            });
        }
    }

    /** A store that lends memory for large blocks, and counts what it has lent and what is out. */
    static final class LendingStore extends Passing {
        final AtomicInteger lent = new AtomicInteger();
        final AtomicInteger out = new AtomicInteger();

        LendingStore(Blockstore store) {
            super(store);
        }

        @Override
        public WriteBuffer writeBuffer(int sizeBytes) {
            lent.incrementAndGet();
            out.incrementAndGet();
            ByteBuffer bytes = ByteBuffer.allocateDirect(sizeBytes);
            AtomicBoolean ended = new AtomicBoolean();
            return new WriteBuffer() {
                @Override
                public ByteBuffer bytes() {
                    return bytes;
                }

                @Override
                public Payload filled() {
                    ended.set(true);
                    return Payload.of(List.of(bytes.flip()), out::decrementAndGet);
                }

                @Override
                public void close() {
                    if (ended.compareAndSet(false, true)) {
                        out.decrementAndGet();
                    }
                }
            };
        }
    }
}
