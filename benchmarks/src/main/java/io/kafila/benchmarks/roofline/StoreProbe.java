package io.kafila.benchmarks.roofline;

import io.kafila.benchmarks.content.Folders;
import io.kafila.blockstore.Block;
import io.kafila.blockstore.BlockRepository;
import io.kafila.blockstore.RepositoryOptions;
import io.kafila.blockstore.SegmentRepository;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multicodec;
import io.kafila.multiformats.Payload;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The store alone: blocks of 1 MiB put and durable, then got in order, a few of them ahead. The store hashes nothing then,
 * so the blocks' names are numbers. Its threads are its own; CPU time is that of the whole process.
 */
final class StoreProbe implements Probe {
    private static final int BLOCK_BYTES = 1 << 20;
    private static final int BATCH_BLOCKS = 8;
    private static final int BATCHES_AHEAD = 4;
    private static final int READS_AHEAD = 4;
    private static final int PAGE_BYTES = 4096;

    private final Path folder;
    private final Pieces pieces = Pieces.of(BLOCK_BYTES);

    StoreProbe(Path parent) {
        this.folder = parent.resolve("store");
    }

    @Override
    public Map<Stage, Sample> round(long bytes) {
        int count = Math.toIntExact(Math.max(BATCH_BLOCKS, bytes / BLOCK_BYTES / BATCH_BLOCKS * BATCH_BLOCKS));
        List<Cid> cids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] number = ByteBuffer.allocate(Integer.BYTES).putInt(i).array();
            cids.add(Cid.v1(Multicodec.RAW, HashFunction.SHA2_256.digest(number)));
        }
        long total = (long) count * BLOCK_BYTES;
        try (BlockRepository repository = SegmentRepository.open(folder, RepositoryOptions.DEFAULT)) {
            Sample written = sampled(total, () -> put(repository, cids));
            Sample read = sampled(total, () -> get(repository, cids));
            return Map.of(Stage.STORE_WRITE, written, Stage.STORE_READ, read);
        } finally {
            Folders.delete(folder);
        }
    }

    private static Sample sampled(long bytes, Runnable work) {
        long cpuStart = CpuClock.processNanos();
        long start = System.nanoTime();
        work.run();
        return new Sample(bytes, System.nanoTime() - start, CpuClock.processNanos() - cpuStart);
    }

    private void put(BlockRepository repository, List<Cid> cids) {
        Deque<CompletableFuture<Void>> ahead = new ArrayDeque<>();
        for (int from = 0; from < cids.size(); from += BATCH_BLOCKS) {
            List<Block> blocks = new ArrayList<>();
            for (int i = from; i < from + BATCH_BLOCKS; i++) {
                blocks.add(new Block(cids.get(i), Payload.of(pieces.piece(i))));
            }
            ahead.add(repository.putAll(blocks));
            if (ahead.size() == BATCHES_AHEAD) {
                ahead.remove().join();
            }
        }
        ahead.forEach(CompletableFuture::join);
    }

    private static void get(BlockRepository repository, List<Cid> cids) {
        Deque<CompletableFuture<Optional<Block>>> ahead = new ArrayDeque<>();
        for (Cid cid : cids) {
            ahead.add(repository.get(cid));
            if (ahead.size() == READS_AHEAD) {
                touch(ahead.remove());
            }
        }
        ahead.forEach(StoreProbe::touch);
    }

    private static void touch(CompletableFuture<Optional<Block>> got) {
        try (Block block = got.join().orElseThrow()) {
            int touched = 0;
            for (ByteBuffer bytes : block.payload().buffers()) {
                for (int at = bytes.position(); at < bytes.limit(); at += PAGE_BYTES) {
                    touched += bytes.get(at) & 1;
                }
            }
            if (touched > BLOCK_BYTES) {
                throw new IllegalStateException("store: more pages than bytes");
            }
        }
    }
}
