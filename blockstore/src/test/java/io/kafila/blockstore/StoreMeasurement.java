package io.kafila.blockstore;

import io.kafila.blockstore.internal.disk.DirectMemory;
import io.kafila.blockstore.internal.disk.DiskFile;
import io.kafila.blockstore.internal.disk.RealDisk;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multicodec;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Measures a store on the disk of a folder, beside plain writes and reads of one file: puts as an import and as a fetch
 * make them, then reads. Prints throughput (of puts: durable), processor time of the process and bytes written for each
 * byte stored, in rounds, of which the first is cold. Needs Linux. Arguments: an absent folder, MiB of large blocks, number of
 * small ones, rounds, and {@code cached} to do without direct I/O.
 */
final class StoreMeasurement {
    private static final int LARGE = 1 << 20;
    private static final int SMALL = 10 << 10;
    private static final long IN_FLIGHT_BYTES = 64L << 20;
    private static final int READS_IN_FLIGHT = 4;
    private static final int TICKS_PER_SECOND = 100;

    private final Path dir;
    private final boolean directIo;
    private final ByteBuffer content = DirectMemory.align(DirectMemory.allocate(2 * LARGE));
    private final Random random = new Random(1);

    private StoreMeasurement(Path dir, boolean directIo) {
        this.dir = dir;
        this.directIo = directIo;
        byte[] bytes = new byte[content.remaining()];
        random.nextBytes(bytes);
        content.put(bytes).flip();
    }

    public static void main(String[] args) throws IOException {
        Path dir = Path.of(args[0]);
        int large = Integer.parseInt(args[1]);
        int small = Integer.parseInt(args[2]);
        StoreMeasurement measurement = new StoreMeasurement(dir, args.length < 5);
        for (int round = 1; round <= Integer.parseInt(args[3]); round++) {
            System.out.println("round " + round);
            measurement.plain(large);
            measurement.store(large, small);
        }
    }

    @FunctionalInterface
    private interface Work {
        long run() throws IOException;
    }

    /** Measures work, which answers the number of bytes that it moved. */
    private static void measure(String what, Work work) throws IOException {
        long[] before = consumed();
        long start = System.nanoTime();
        long bytes = work.run();
        double seconds = (System.nanoTime() - start) / 1e9;
        long[] after = consumed();
        double gib = bytes / (double) (1 << 30) * TICKS_PER_SECOND;
        System.out.printf(
                "%-36s %6.0f MiB/s  user %5.2f sys %5.2f s/GiB  written %4.2f%n",
                what,
                bytes / seconds / (1 << 20),
                (after[0] - before[0]) / gib,
                (after[1] - before[1]) / gib,
                (after[2] - before[2]) / (double) bytes);
    }

    /** Ticks in user and system mode, and bytes sent to disks, by this process. */
    private static long[] consumed() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long written = 0;
        for (String line : Files.readAllLines(Path.of("/proc/self/io"))) {
            if (line.startsWith("write_bytes: ")) {
                written = Long.parseLong(line.substring("write_bytes: ".length()));
            }
        }
        return new long[] {Long.parseLong(fields[11]), Long.parseLong(fields[12]), written};
    }

    /** What the disk does with one file, by the store's own way to it. */
    private void plain(int blocks) throws IOException {
        RealDisk disk = new RealDisk(dir, directIo);
        try (DiskFile file = disk.create("plain")) {
            measure("plain write, force each 16 MiB", () -> {
                for (int i = 0; i < blocks; i++) {
                    file.write(List.of(content.slice(0, LARGE)), (long) i * LARGE);
                    if (i % 16 == 15) {
                        file.force();
                    }
                }
                file.force();
                return (long) blocks * LARGE;
            });
            ByteBuffer into = DirectMemory.align(DirectMemory.allocate(LARGE));
            measure("plain read, uncached", () -> {
                for (int i = 0; i < blocks; i++) {
                    file.readUncached(into.clear(), (long) i * LARGE);
                }
                return (long) blocks * LARGE;
            });
            for (String which : new String[] {"first", "again"}) {
                measure("plain read, cached, " + which, () -> {
                    for (int i = 0; i < blocks; i++) {
                        file.read(into.clear(), (long) i * LARGE);
                    }
                    return (long) blocks * LARGE;
                });
            }
        } finally {
            disk.delete("plain");
        }
    }

    private void store(int large, int small) throws IOException {
        Path repository = dir.resolve("repository");
        RepositoryOptions options = RepositoryOptions.DEFAULT.withDirectIo(directIo);
        try (BlockRepository store = SegmentRepository.open(repository, options)) {
            measure("put 1 MiB, at page boundaries", () -> put(store, large, LARGE, 1, 0));
            List<Cid> keys = Blocks.drain(store.keys(), 1000);
            for (String which : new String[] {"first", "second", "third", "fourth"}) {
                measure("get 1 MiB, random, " + which, () -> read(store, keys));
            }
            measure("put 1 MiB, off them", () -> put(store, large, LARGE, 1, 24));
            measure("put 10 KiB, 100 at a time", () -> put(store, small, SMALL, 100, 24));
            measure("put 10 KiB, each alone", () -> put(store, small, SMALL, 1, 24));
            long start = System.nanoTime();
            for (int i = 0; i < 200; i++) {
                put(store, 1, SMALL, 1, 24);
            }
            System.out.printf("one put after the other: %.2f ms each%n", (System.nanoTime() - start) / 200e6);
            System.out.println(store.counters());
        } finally {
            try (Stream<Path> files = Files.walk(repository)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** @param lead how far into a page the memory of each block begins */
    private long put(BlockRepository store, int blocks, int size, int batch, int lead) {
        Deque<CompletableFuture<Void>> flying = new ArrayDeque<>();
        byte[] digest = new byte[32];
        for (int i = 0; i < blocks; i += batch) {
            List<Block> put = new ArrayList<>();
            for (int k = 0; k < batch; k++) {
                // The digest is made up: hashing is not what is measured.
                random.nextBytes(digest);
                Cid cid = Cid.v1(Multicodec.RAW.code(), Multihash.of(HashFunction.SHA2_256.code(), digest));
                put.add(new Block(cid, Payload.of(content.slice(lead, size))));
            }
            flying.add(store.putAll(put));
            while (flying.size() * (long) batch * size >= IN_FLIGHT_BYTES) {
                flying.remove().join();
            }
        }
        flying.forEach(CompletableFuture::join);
        return (long) blocks * size;
    }

    private long read(BlockRepository store, List<Cid> keys) {
        List<Cid> order = new ArrayList<>(keys);
        Collections.shuffle(order, random);
        Deque<CompletableFuture<Optional<Block>>> flying = new ArrayDeque<>();
        long bytes = 0;
        long sum = 0;
        for (int i = 0; i < order.size() || !flying.isEmpty(); i++) {
            if (i < order.size()) {
                flying.add(store.get(order.get(i)));
            }
            if (flying.size() >= READS_IN_FLIGHT || i >= order.size()) {
                try (Block block = flying.remove().join().orElseThrow()) {
                    bytes += block.sizeBytes();
                    // Touches every page, as whoever uses it would.
                    ByteBuffer buffer = block.payload().buffer();
                    for (int at = 0; at < buffer.remaining(); at += DiskFile.PAGE_BYTES) {
                        sum += buffer.get(at);
                    }
                }
            }
        }
        if (sum == 42) {
            System.out.println("what was read cannot be left out by the compiler");
        }
        return bytes;
    }
}
