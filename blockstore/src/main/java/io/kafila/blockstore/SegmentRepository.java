package io.kafila.blockstore;

import io.kafila.blockstore.internal.StorePool;
import io.kafila.blockstore.internal.disk.RealDisk;
import io.kafila.blockstore.internal.index.RocksIndex;
import io.kafila.blockstore.internal.store.SegmentStore;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The repository on disk: segment files, an index in RocksDB, a lock file, in one folder of its own. */
public final class SegmentRepository {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentRepository.class);

    private static final String INDEX_FOLDER = "index";
    private static final int WRITER_THREADS = 2;
    private static final int WRITER_TASKS = 1024;
    private static final int MAINTENANCE_THREADS = 2;
    private static final int MAINTENANCE_TASKS = 1 << 16;
    private static final long STOP_SECONDS = 60;

    private SegmentRepository() {}

    /**
     * Opens the repository in {@code dir}, creating it where it is absent, and brings index and segments together after
     * a crash. Blocking.
     *
     * @throws RepositoryLockedException if it is open already, in this process or another
     * @throws BlockstoreException if it cannot be opened
     */
    public static BlockRepository open(Path dir, RepositoryOptions options) {
        RealDisk disk;
        try {
            disk = new RealDisk(dir, options.directIo());
        } catch (IOException e) {
            throw new BlockstoreException("cannot create the repository " + dir + ": " + e.getMessage(), e);
        }
        ThreadPoolExecutor readers = StorePool.create("kafila-disk", options.diskThreads(), options.queuedTasks());
        ThreadPoolExecutor writer = StorePool.create("kafila-commit", WRITER_THREADS, WRITER_TASKS);
        ThreadPoolExecutor maintenance = StorePool.create("kafila-maintain", MAINTENANCE_THREADS, MAINTENANCE_TASKS);
        return SegmentStore.open(
                disk,
                () -> RocksIndex.open(disk.root().resolve(INDEX_FOLDER), options.indexMemoryBytes()),
                options,
                new SegmentStore.Executors(readers, writer, maintenance),
                () -> stop(List.of(maintenance, writer, readers)),
                new SecureRandom());
    }

    private static void stop(List<ThreadPoolExecutor> pools) {
        boolean interrupted = false;
        for (ThreadPoolExecutor pool : pools) {
            pool.shutdown();
            try {
                if (!pool.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                    LOG.warn("repository: {} tasks still run after {} s", pool.getActiveCount(), STOP_SECONDS);
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
