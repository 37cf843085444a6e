package io.kafila.dag.unixfs;

import com.sun.management.OperatingSystemMXBean;
import io.kafila.blockstore.BlockRepository;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures an import against the hash alone: {@code ImportSpeedMain FILE [threads] [flags]}. Run it twice, so that the file
 * is in the page cache. "hash" reads and hashes in as many threads, "only" imports without a store, "null" with a store
 * that keeps nothing and answers at once.
 */
public final class ImportSpeedMain {
    private ImportSpeedMain() {}

    public static void main(String[] args) throws Exception {
        Path file = Path.of(args[0]).toAbsolutePath();
        int threads = args.length > 1
                ? Integer.parseInt(args[1])
                : Runtime.getRuntime().availableProcessors();
        ImportOptions options = AddFlags.parse(
                        "unixfs-v1-2025", List.of(args).subList(Math.min(args.length, 2), args.length))
                .options();
        long size = file.toFile().length();
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        BlockRepository store = (BlockRepository) Proxy.newProxyInstance(
                ImportSpeedMain.class.getClassLoader(),
                new Class<?>[] {BlockRepository.class},
                (proxy, method, call) -> CompletableFuture.completedFuture(null));
        try (Importer importer = new Importer(store, workers, ImportBudget.DEFAULT)) {
            for (int round = 0; round < 3; round++) {
                report("hash", size, () -> hash(file, size, threads, workers));
                report("only", size, () -> add(importer, file, options.withOnlyHash(true)));
                report("null", size, () -> add(importer, file, options));
            }
        } finally {
            workers.shutdownNow();
        }
    }

    private static void report(String what, long size, Run run) throws Exception {
        long cpu = cpuNanos();
        long start = System.nanoTime();
        run.run();
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpuPerGib = (cpuNanos() - cpu) / 1e9 / size * (1 << 30);
        System.out.printf("%s %.0f MB/s, %.2f CPU s/GiB%n", what, size / 1e6 / seconds, cpuPerGib);
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static void add(Importer importer, Path file, ImportOptions options) throws IOException {
        importer.run(ImportSource.ofPath(file, PathSourceOptions.DEFAULT), options, ImportListener.NONE)
                .join();
    }

    private static void hash(Path file, long size, int threads, ExecutorService workers) throws IOException {
        AtomicLong next = new AtomicLong();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            CompletableFuture<?>[] all = new CompletableFuture<?>[threads];
            for (int i = 0; i < threads; i++) {
                all[i] = CompletableFuture.runAsync(() -> hashChunks(channel, next, size), workers);
            }
            CompletableFuture.allOf(all).join();
        }
    }

    private static void hashChunks(FileChannel channel, AtomicLong next, long size) {
        try {
            ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (long at = next.getAndAdd(1 << 20); at < size; at = next.getAndAdd(1 << 20)) {
                buffer.clear();
                int read = channel.read(buffer, at);
                sha256.update(buffer.flip());
                if (sha256.digest().length + read == 0) {
                    return;
                }
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Run {
        void run() throws Exception;
    }
}
