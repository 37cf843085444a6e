package io.kafila.node;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.BlockRepository;
import io.kafila.dag.DagException;
import io.kafila.dag.WalkOptions;
import io.kafila.dag.car.CarReadOptions;
import io.kafila.dag.car.CarReader;
import io.kafila.dag.car.CarWriter;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.DigestPolicy;
import io.kafila.node.internal.Parts;
import io.kafila.node.internal.Pull;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** CAR archives in and out, streamed. Thread-safe. */
public final class Archives {
    /** What is said of a block that is larger than {@link Block#MAX_SIZE_BYTES}. */
    public static final String TOO_BIG =
            "produced block is over 2MiB: big blocks can't be exchanged with other peers. consider"
                    + " using UnixFS for automatic chunking of bigger files, or pass --allow-big-block to override";

    /** How much is stored in one durable batch. */
    private static final long BATCH_BYTES = 16L * 1024 * 1024;

    private static final int BATCH_BLOCKS = 1024;

    private final KafilaNode node;
    private final Parts parts;

    Archives(KafilaNode node, Parts parts) {
        this.node = node;
        this.parts = parts;
    }

    /**
     * What an archive held.
     *
     * @param blockBytes the sizes of the blocks together
     */
    public record Imported(List<Cid> roots, long blocks, long blockBytes) {
        public Imported {
            roots = List.copyOf(roots);
        }
    }

    /**
     * Stores every block of a CARv1 or CARv2 after its hash was checked. What came before a fault stays stored, without a
     * pin. The caller closes the channel, and holds a lease if it pins afterwards.
     *
     * @param channel a blocking one; read in a thread of the node
     */
    public CompletableFuture<Imported> read(ReadableByteChannel channel, CarReadOptions options) {
        return read(channel, options, Block.MAX_SIZE_BYTES);
    }

    /** The same for blocks of up to {@code maxBlockBytes}; see {@link Blocks#put(Payload, Cid.Prefix, int)}. */
    public CompletableFuture<Imported> read(ReadableByteChannel channel, CarReadOptions options, int maxBlockBytes) {
        Blocks.requireBound(maxBlockBytes);
        return CompletableFuture.supplyAsync(() -> readNow(channel, options, maxBlockBytes), parts.blocking());
    }

    private Imported readNow(ReadableByteChannel channel, CarReadOptions options, int maxBlockBytes) {
        try (BlockRepository.Lease lease = parts.repository().lease();
                CarReader reader = CarReader.open(channel, options, Runnable::run, parts.workers())) {
            Intake intake = new Intake(maxBlockBytes);
            try {
                for (List<Block> got = reader.read(BATCH_BLOCKS); !got.isEmpty(); got = reader.read(BATCH_BLOCKS)) {
                    intake.take(got);
                }
            } catch (DagException e) {
                throw new NodeException("import failed" + intake.place() + ": " + e.getMessage(), e);
            } finally {
                intake.finish();
            }
            return new Imported(reader.roots(), intake.blocks, intake.bytes);
        }
    }

    /** Collects blocks into batches; one is stored while the next is read. */
    private final class Intake {
        private final int maxBlockBytes;
        private List<Block> batch = new ArrayList<>();
        private CompletableFuture<Void> stored = CompletableFuture.completedFuture(null);
        private long batchBytes;
        private long blocks;
        private long bytes;
        private @Nullable Cid last;

        Intake(int maxBlockBytes) {
            this.maxBlockBytes = maxBlockBytes;
        }

        void take(List<Block> got) {
            int taken = 0;
            try {
                while (taken < got.size()) {
                    Block block = got.get(taken);
                    check(block);
                    batch.add(block);
                    taken++;
                    last = block.cid();
                    blocks++;
                    bytes += block.sizeBytes();
                    batchBytes += block.sizeBytes();
                }
            } finally {
                got.subList(taken, got.size()).forEach(Block::close);
            }
            if (batchBytes >= BATCH_BYTES) {
                flush();
            }
        }

        private void check(Block block) {
            try {
                DigestPolicy.check(block.cid());
            } catch (IllegalArgumentException e) {
                throw new NodeException("import failed at block \"" + block.cid() + "\": " + e.getMessage(), e);
            }
            if (block.sizeBytes() > maxBlockBytes) {
                throw new NodeException("import failed at block \"" + block.cid() + "\": "
                        + (maxBlockBytes == Block.MAX_SIZE_BYTES
                                ? TOO_BIG
                                : block.sizeBytes() + " bytes, want at most " + maxBlockBytes));
            }
        }

        private void flush() {
            stored.join();
            stored = store(batch);
            batch = new ArrayList<>();
            batchBytes = 0;
        }

        /** What is in hand goes to the store before a fault is told. */
        void finish() {
            stored = after(stored, store(batch));
            stored.join();
        }

        String place() {
            return last == null ? "" : " after block \"" + last + "\"";
        }
    }

    /** Stores a batch and gives its blocks back. */
    private CompletableFuture<Void> store(List<Block> batch) {
        return node.dag().putAll(batch).whenComplete((nothing, fault) -> batch.forEach(Block::close));
    }

    private static CompletableFuture<Void> after(CompletableFuture<Void> first, CompletableFuture<Void> second) {
        return first.thenCompose(nothing -> second);
    }

    /**
     * Writes the graph below a root as a CARv1, each block once, depth first. The caller closes the channel.
     *
     * @param localOnly leaves out what is not here, with all below it, so that the archive may be partial
     * @param channel a blocking one; written in a thread of the node
     */
    public CompletableFuture<Void> write(Cid root, WritableByteChannel channel, boolean localOnly) {
        return CompletableFuture.runAsync(
                () -> {
                    CarWriter writer = CarWriter.v1(channel, List.of(root));
                    var walk = localOnly
                            ? node.dag().walkLocal(List.of(root), WalkOptions.DEFAULT.withFailures(true))
                            : node.dag().walk(List.of(root), WalkOptions.DEFAULT);
                    Pull.forEachBlocking(walk, step -> {
                        try (step) {
                            step.block().ifPresent(writer::write);
                        }
                    });
                    writer.finish();
                },
                parts.blocking());
    }
}
