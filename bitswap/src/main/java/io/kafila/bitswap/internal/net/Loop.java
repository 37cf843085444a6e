package io.kafila.bitswap.internal.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one at a time, in bundles, with hooks at the end of each bundle, so that many events lead to one message.
 * Thread-safe; what runs in it is confined to it. Tasks must not block.
 */
public final class Loop implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    /** The tasks after which the hooks run even if there are more. */
    private static final int BUNDLE = 256;

    private final ScheduledExecutorService executor;
    private final LongSupplier nanoTime;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final List<Runnable> hooks = new ArrayList<>();
    private volatile Thread running = NOBODY;
    private volatile boolean closed;

    private static final Thread NOBODY = new Thread("bitswap-nobody");

    public Loop(ScheduledExecutorService executor, LongSupplier nanoTime) {
        this.executor = executor;
        this.nanoTime = nanoTime;
    }

    public long now() {
        return nanoTime.getAsLong();
    }

    /** Has {@code hook} run after each bundle of tasks. To be called before the first task. */
    public void afterBundle(Runnable hook) {
        hooks.add(hook);
    }

    public boolean inLoop() {
        return running == Thread.currentThread();
    }

    /** Runs a task later; drops it when the loop is closed. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (queued.getAndIncrement() == 0) {
            start();
        }
    }

    /** Runs a task after a while. */
    public void schedule(long delayNanos, Runnable task) {
        if (closed) {
            return;
        }
        try {
            executor.schedule(() -> execute(task), delayNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("bitswap loop: executor refused a timer", e);
        }
    }

    /** The value of {@code question}, computed in the loop; waits for it, briefly. {@code otherwise} once the loop is closed. */
    public <T> T ask(Supplier<T> question, T otherwise) {
        if (inLoop()) {
            return question.get();
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        if (closed) {
            return otherwise;
        }
        execute(() -> {
            try {
                answer.complete(closed ? otherwise : question.get());
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return answer.get(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return otherwise;
        } catch (Exception e) {
            LOG.debug("bitswap loop: no answer", e);
            return otherwise;
        }
    }

    /** Takes no timers any more. Tasks still run, so that what they hold is given back. */
    public void close() {
        closed = true;
    }

    private void start() {
        try {
            executor.execute(this::run);
        } catch (RejectedExecutionException e) {
            // The executor is gone and with it every other thread of the loop: what is left runs here, to let go of
            // memory.
            LOG.debug("bitswap loop: executor is shut down");
            run();
        }
    }

    private void run() {
        running = Thread.currentThread();
        int done = 0;
        int left = queued.get();
        while (done < left) {
            Runnable task = tasks.poll();
            if (task == null) {
                break;
            }
            guarded(task);
            done++;
            if (done == BUNDLE) {
                break;
            }
            if (done == left) {
                left = queued.get();
            }
        }
        hooks.forEach(Loop::guarded);
        running = NOBODY;
        if (queued.addAndGet(-done) > 0) {
            start();
        }
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            // One task's fault must not stop the others; there is nobody else to tell.
            LOG.error("bitswap: a task failed", e);
        }
    }
}
