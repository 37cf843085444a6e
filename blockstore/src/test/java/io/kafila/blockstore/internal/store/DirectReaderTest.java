package io.kafila.blockstore.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.Blocks;
import io.kafila.blockstore.DirectReads.Patience;
import io.kafila.blockstore.DirectReads.Range;
import io.kafila.blockstore.RepositoryOptions;
import io.kafila.blockstore.internal.StorePool;
import io.kafila.blockstore.internal.disk.RealDisk;
import io.kafila.blockstore.internal.index.RocksIndex;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class DirectReaderTest {
    /** All threads of the store may wait for a repair; a read that waits for one of them must not keep it out. */
    @Test
    @Timeout(60)
    void read_thatWaitsForAThreadOfTheStore_keepsNoRepairOut(@TempDir Path dir) throws Exception {
        RealDisk disk = new RealDisk(dir, true);
        assumeTrue(disk.directIo(), "nothing is read past the page cache on this file system");
        ThreadPoolExecutor readers = StorePool.create("direct-reader-test", 1, 1000);
        ThreadPoolExecutor others = StorePool.create("direct-reader-others", 2, 1000);
        CountDownLatch gate = new CountDownLatch(1);
        try (SegmentStore store = SegmentStore.open(
                disk,
                () -> RocksIndex.open(dir.resolve("index"), 8 << 20),
                RepositoryOptions.DEFAULT,
                new SegmentStore.Executors(readers, others, others),
                () -> {
                    others.shutdown();
                    readers.shutdown();
                },
                new Random(1))) {
            Block block = Blocks.random(new Random(2), 40_000);
            store.put(block).get(20, TimeUnit.SECONDS);
            readers.execute(() -> {
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            ByteBuffer into = ByteBuffer.allocate(1000);
            Range range = new Range(block.cid(), block.sizeBytes(), 5000, 1000);
            CompletableFuture<Boolean> read = CompletableFuture.supplyAsync(
                    () -> store.directReads().read(range, into, Patience.DISK), task -> new Thread(task).start());
            while (readers.getQueue().isEmpty()) {
                Thread.onSpinWait();
            }

            assertThat(store.repair()).succeedsWithin(20, TimeUnit.SECONDS);
            assertThat(read).isNotDone();
            gate.countDown();
            assertThat(read).succeedsWithin(20, TimeUnit.SECONDS).isEqualTo(true);
            assertThat(into.array()).isEqualTo(block.payload().slice(5000, 1000).toByteArray());
        } finally {
            gate.countDown();
        }
    }
}
