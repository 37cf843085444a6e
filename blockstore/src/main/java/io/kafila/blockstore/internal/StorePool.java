package io.kafila.blockstore.internal;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the bounded pools of daemon threads that a store runs on. Idle threads end after some seconds. */
public final class StorePool {
    private static final long IDLE_SECONDS = 10;

    private StorePool() {}

    /**
     * A pool of at most {@code threads} threads.
     *
     * @param queued how many tasks may wait; one more is refused, which fails its future
     */
    public static ThreadPoolExecutor create(String name, int threads, int queued) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(queued), task -> {
                    Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
