package io.kafila.blockstore.internal.store;

import io.kafila.blockstore.BlockRepository;
import io.kafila.blockstore.RepositoryOptions;
import io.kafila.blockstore.internal.StorePool;
import io.kafila.blockstore.internal.disk.Disk;
import java.util.Random;
import java.util.concurrent.ThreadPoolExecutor;

/** A store whose index is lost whenever it is closed, so that every opening rebuilds it. */
public final class StoreOnMemoryIndex {
    private StoreOnMemoryIndex() {}

    public static BlockRepository open(Disk disk) {
        ThreadPoolExecutor pool = StorePool.create("store-on-memory-index", 1, 1000);
        return SegmentStore.open(
                disk,
                () -> new SimulatedIndex(new SimulatedMachine(new Random(1))),
                RepositoryOptions.DEFAULT,
                new SegmentStore.Executors(pool, pool, pool),
                pool::shutdown,
                new Random(2));
    }
}
