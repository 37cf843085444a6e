package io.kafila.blockstore;

import static io.kafila.blockstore.Blocks.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Space after a collection, with an add and a fetch at work. {@code -Dkafila.compaction.mib=10240} for the full size. */
class CompactionTest {
    private static final int MIB = Integer.getInteger("kafila.compaction.mib", 96);

    @TempDir
    Path dir;

    @Test
    void ninetyPercentRemoved_whileAddAndFetchRun_diskUseIsAtMostOnePointThreeTimesLiveData() throws IOException {
        RepositoryOptions options =
                RepositoryOptions.DEFAULT.withSegmentBytes(MIB >= 4096 ? 512L << 20 : ((long) MIB << 20) / 20);
        Random random = new Random(1);
        try (BlockRepository store = SegmentRepository.open(dir, options)) {
            List<Block> kept = new ArrayList<>();
            for (int i = 0; i < MIB; i++) {
                Block block = Blocks.random(random, 1 << 20);
                await(store.put(block));
                if (i % 10 == 0) {
                    kept.add(new Block(block.cid(), io.kafila.multiformats.Payload.empty()));
                    await(store.pins().put(new Pin(block.cid(), PinMode.DIRECT, "")));
                }
            }
            AtomicBoolean stop = new AtomicBoolean();
            CompletableFuture<Long> add = CompletableFuture.supplyAsync(() -> add(store, stop));
            CompletableFuture<Long> fetch = CompletableFuture.supplyAsync(() -> fetch(store, kept, stop));
            BlockRepository.GcReport report = await(store.collectGarbage(Blocks::links, cid -> {}));
            stop.set(true);
            assertThat(await(add)).isPositive();
            assertThat(await(fetch)).isPositive();
            assertThat(report.removedBlocks()).isEqualTo(MIB - kept.size());
            long live = await(store.stat()).liveBytes();
            long used = segmentBytes();
            System.out.printf(
                    "compaction: %d MiB put, %d MiB live, %d MiB on disk, %.3f times%n",
                    MIB, live >> 20, used >> 20, used / (double) live);
            assertThat(used).isLessThanOrEqualTo((long) (live * 1.3));
            assertThat(await(store.verify(result -> {})).corrupt()).isEmpty();
        }
    }

    private static long add(BlockRepository store, AtomicBoolean stop) {
        Random random = new Random(2);
        long added = 0;
        try (BlockRepository.Lease lease = store.lease()) {
            assertThat(lease).isNotNull();
            do {
                await(store.put(Blocks.random(random, 100_000)));
                added++;
            } while (!stop.get());
        }
        return added;
    }

    private static long fetch(BlockRepository store, List<Block> kept, AtomicBoolean stop) {
        Random random = new Random(3);
        long fetched = 0;
        do {
            Block wanted = kept.get(random.nextInt(kept.size()));
            try (Block block = await(store.get(wanted.cid())).orElseThrow()) {
                assertThat(block.verified()).isTrue();
            }
            fetched++;
        } while (!stop.get());
        return fetched;
    }

    private long segmentBytes() throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve("segments"))) {
            long bytes = 0;
            for (Path file :
                    (Iterable<Path>) files.filter(each -> each.toString().endsWith(".seg"))::iterator) {
                bytes += Files.size(file);
            }
            return bytes;
        }
    }
}
