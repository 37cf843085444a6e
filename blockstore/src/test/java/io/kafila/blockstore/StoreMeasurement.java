package io.kafila.blockstore;

import com.sun.management.OperatingSystemMXBean;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multicodec;
import io.kafila.multiformats.Payload;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * Measures a store on the disk of a folder: puts as an import makes them, then reads. Prints throughput, durable, and
 * processor time. Arguments: the folder, MiB of large blocks, number of small ones.
 */
final class StoreMeasurement {
    private static final int LARGE = 1 << 20;
    private static final int SMALL = 10 << 10;
    private static final int IN_FLIGHT = 32;

    private StoreMeasurement() {}

    public static void main(String[] args) {
        Path dir = Path.of(args[0]);
        int large = Integer.parseInt(args[1]);
        int small = Integer.parseInt(args[2]);
        try (BlockRepository store = SegmentRepository.open(dir, RepositoryOptions.DEFAULT)) {
            measure("warm-up", store, 128, LARGE, 1);
            measure("put 1 MiB", store, large, LARGE, 1);
            measure("put 10 KiB, 100 at a time", store, small, SMALL, 100);
            List<Cid> keys = Blocks.drain(store.keys(), 1000);
            read("read all, first", store, keys);
            read("read all, again", store, keys);
            System.out.println(store.counters());
        }
    }

    private static double cpuSeconds() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime() / 1e9;
    }

    private static void report(String what, long bytes, long count, long startNanos, double startCpu) {
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        System.out.printf(
                "%-28s %8.0f MB/s %9.0f blocks/s %6.2f CPU s/GiB%n",
                what, bytes / 1e6 / seconds, count / seconds, (cpuSeconds() - startCpu) / (bytes / (double) (1 << 30)));
    }

    private static void measure(String what, BlockRepository store, int blocks, int size, int batch) {
        ByteBuffer content = ByteBuffer.allocateDirect(size);
        byte[] bytes = new byte[size];
        new Random(1).nextBytes(bytes);
        content.put(bytes).flip();
        Random random = new Random(what.hashCode());
        Deque<CompletableFuture<Void>> flying = new ArrayDeque<>();
        double cpu = cpuSeconds();
        long start = System.nanoTime();
        byte[] digest = new byte[32];
        for (int i = 0; i < blocks; i += batch) {
            List<Block> put = new ArrayList<>();
            for (int k = 0; k < batch; k++) {
                // The digest is made up: hashing is not what is measured.
                random.nextBytes(digest);
                Cid cid = Cid.v1(
                        Multicodec.RAW.code(),
                        io.kafila.multiformats.Multihash.of(HashFunction.SHA2_256.code(), digest));
                put.add(new Block(cid, Payload.of(content.duplicate())));
            }
            flying.add(store.putAll(put));
            if (flying.size() >= IN_FLIGHT) {
                flying.remove().join();
            }
        }
        flying.forEach(CompletableFuture::join);
        report(what, (long) blocks * size, blocks, start, cpu);
    }

    private static void read(String what, BlockRepository store, List<Cid> keys) {
        List<Cid> order = new ArrayList<>(keys);
        java.util.Collections.shuffle(order, new Random(3));
        double cpu = cpuSeconds();
        long start = System.nanoTime();
        long bytes = 0;
        Deque<CompletableFuture<java.util.Optional<Block>>> flying = new ArrayDeque<>();
        for (Cid cid : order) {
            flying.add(store.get(cid));
            if (flying.size() >= 16) {
                bytes += take(flying);
            }
        }
        while (!flying.isEmpty()) {
            bytes += take(flying);
        }
        report(what, bytes, keys.size(), start, cpu);
    }

    private static int take(Deque<CompletableFuture<java.util.Optional<Block>>> flying) {
        try (Block block = flying.remove().join().orElseThrow()) {
            return block.sizeBytes();
        }
    }
}
