package io.kafila.node;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.BlockRepository;
import io.kafila.blockstore.Cursor;
import io.kafila.blockstore.exchange.BlockSource;
import io.kafila.dag.Codecs;
import io.kafila.dag.ContentPath;
import io.kafila.dag.DagWalk;
import io.kafila.dag.IpldNode;
import io.kafila.dag.PathResolver;
import io.kafila.dag.Resolved;
import io.kafila.dag.WalkOptions;
import io.kafila.dag.WalkStep;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Payload;
import io.kafila.node.internal.Held;
import io.kafila.node.internal.OwningCursor;
import io.kafila.node.internal.Parts;
import io.kafila.node.internal.Pull;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/** Nodes of any codec and the graphs that they make. Thread-safe. */
public final class Dag {
    private final KafilaNode node;
    private final BlockRepository store;
    private final Codecs codecs;
    private final PathResolver resolver;

    Dag(KafilaNode node, Parts parts) {
        this.node = node;
        this.store = parts.repository();
        this.codecs = parts.codecs();
        this.resolver = parts.resolver();
    }

    /** The codecs that this node reads and writes. */
    public Codecs codecs() {
        return codecs;
    }

    /** Where a path leads: the last block and the rest of the way inside it. */
    public CompletableFuture<Resolved> resolve(ContentPath path) {
        return using(source -> resolver.resolve(source, path));
    }

    /** {@link #resolve} with blocks from {@code source}. */
    public CompletableFuture<Resolved> resolve(BlockSource source, ContentPath path) {
        return resolver.resolve(source, path);
    }

    /** The value at a path. */
    public CompletableFuture<IpldNode> get(ContentPath path) {
        return using(source -> resolver.value(source, path));
    }

    /**
     * Reads a node in one codec and stores it in another.
     *
     * @return its Cid, once it is durable
     */
    public CompletableFuture<Cid> put(byte[] content, long inputCodec, long storeCodec, HashFunction hash) {
        return put(content, inputCodec, storeCodec, hash, Block.MAX_SIZE_BYTES);
    }

    /** The same for a block of up to {@code maxBytes}; see {@link Blocks#put(Payload, Cid.Prefix, int)}. */
    public CompletableFuture<Cid> put(
            byte[] content, long inputCodec, long storeCodec, HashFunction hash, int maxBytes) {
        Blocks.requireBound(maxBytes);
        return CompletableFuture.supplyAsync(
                        () -> {
                            IpldNode value = codecs.require(inputCodec).decode(ByteBuffer.wrap(content));
                            return Payload.of(codecs.require(storeCodec).encode(value));
                        },
                        node.workers())
                .thenCompose(encoded -> node.blocks()
                        .put(encoded, new Cid.Prefix(1, storeCodec, hash.code(), hash.defaultLength()), maxBytes));
    }

    /** The blocks below roots, depth first, fetched ahead of the reader. The caller closes the cursor and each step. */
    public Cursor<WalkStep> walk(List<Cid> roots, WalkOptions options) {
        BlockSource source = node.source();
        return new OwningCursor<>(DagWalk.start(source, codecs, roots, options), source::close);
    }

    /** {@link #walk} in the local store alone. */
    public Cursor<WalkStep> walkLocal(List<Cid> roots, WalkOptions options) {
        BlockSource source = node.localSource();
        return new OwningCursor<>(DagWalk.start(source, codecs, roots, options), source::close);
    }

    /**
     * The figures of a graph.
     *
     * @param blocks how many different blocks
     * @param totalBytes their sizes together
     */
    public record GraphStat(long blocks, long totalBytes) {}

    /** Counts a graph; {@code progress} is told the figures so far at each block. */
    public CompletableFuture<GraphStat> stat(Cid root, Consumer<GraphStat> progress) {
        long[] sums = new long[2];
        return Pull.forEach(walk(List.of(root), WalkOptions.DEFAULT), step -> {
                    try (step) {
                        sums[0]++;
                        sums[1] += step.block().map(Block::sizeBytes).orElse(0);
                    }
                    progress.accept(new GraphStat(sums[0], sums[1]));
                })
                .thenApply(nothing -> new GraphStat(sums[0], sums[1]));
    }

    /** Stores blocks that were verified, in one durable batch, and gives them to peers that wait for them. */
    public CompletableFuture<Void> putAll(List<Block> verified) {
        List<Cid> cids = verified.stream().map(Block::cid).toList();
        return store.putAll(verified).thenCompose(nothing -> node.announce(cids));
    }

    private <T> CompletableFuture<T> using(Function<BlockSource, CompletableFuture<T>> work) {
        BlockSource source = node.source();
        return Held.until(work.apply(source), source::close);
    }
}
