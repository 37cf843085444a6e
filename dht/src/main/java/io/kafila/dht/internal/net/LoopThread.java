package io.kafila.dht.internal.net;

import java.time.Clock;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A loop over an executor of one thread. After that is shut down, tasks are dropped. Thread-safe. */
public final class LoopThread implements DhtLoop {
    private static final Logger LOG = LoggerFactory.getLogger(LoopThread.class);

    private final ScheduledExecutorService executor;
    private final LongSupplier nanoTime;
    private final Clock clock;
    private volatile Thread thread = Thread.currentThread();

    /** @param executor of one thread, which stays the same */
    public LoopThread(ScheduledExecutorService executor, LongSupplier nanoTime, Clock clock) {
        this.executor = executor;
        this.nanoTime = nanoTime;
        this.clock = clock;
        execute(() -> thread = Thread.currentThread());
    }

    @Override
    public void execute(Runnable task) {
        try {
            executor.execute(() -> guarded(task));
        } catch (RejectedExecutionException closed) {
            LOG.debug("dht loop: closed, a task is dropped");
        }
    }

    @Override
    public Runnable schedule(long delayNanos, Runnable task) {
        try {
            ScheduledFuture<?> timer = executor.schedule(() -> guarded(task), delayNanos, TimeUnit.NANOSECONDS);
            return () -> timer.cancel(false);
        } catch (RejectedExecutionException closed) {
            LOG.debug("dht loop: closed, a timer is dropped");
            return () -> {};
        }
    }

    @Override
    public long nanoTime() {
        return nanoTime.getAsLong();
    }

    @Override
    public long currentTimeMillis() {
        return clock.millis();
    }

    @Override
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            // One task's fault must not stop the others; there is nobody else to tell.
            LOG.error("dht: a task failed", e);
        }
    }
}
