package io.kafila.benchmarks.roofline;

import io.kafila.multiformats.HashFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * SHA-256 by the function that importer and receiver use, on one thread or on one for each core. It works on arrays, which
 * the JDK hashes where they are; other memory it copies first.
 */
final class HashProbe implements Probe {
    private static final int PIECE_BYTES = 1 << 20;

    private final Stage stage;
    private final int threads;
    private final List<byte[]> pieces = Pieces.arrays(PIECE_BYTES);
    private final ExecutorService pool;

    HashProbe(Stage stage, int threads) {
        this.stage = stage;
        this.threads = threads;
        this.pool = Executors.newFixedThreadPool(threads);
    }

    @Override
    public Map<Stage, Sample> round(long bytes) {
        // All cores get as much as one does alone, so that rounds last as long.
        long count = Math.max(1, bytes / PIECE_BYTES);
        long start = System.nanoTime();
        List<CompletableFuture<Long>> runs = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            runs.add(CompletableFuture.supplyAsync(() -> hash(count), pool));
        }
        long cpuNanos = runs.stream().mapToLong(CompletableFuture::join).sum();
        long wallNanos = System.nanoTime() - start;
        return Map.of(stage, new Sample(threads * count * PIECE_BYTES, wallNanos, cpuNanos));
    }

    private long hash(long count) {
        long start = CpuClock.threadNanos();
        for (long i = 0; i < count; i++) {
            if (HashFunction.SHA2_256
                            .digest(pieces.get((int) (i % pieces.size())))
                            .length()
                    != 32) {
                throw new IllegalStateException("sha2-256: a digest that is not of 32 bytes");
            }
        }
        return CpuClock.threadNanos() - start;
    }

    @Override
    public void close() {
        pool.shutdown();
    }
}
