package io.kafila.naming;

import io.kafila.multiformats.PrivateKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the records of all keys again and again, one after the other, so that the network does not forget them.
 * Thread-safe; {@link #close} ends it and is idempotent.
 */
public final class Republisher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Republisher.class);

    private final IpnsPublisher publisher;
    private final PrivateKey self;
    private final Keystore keys;
    private final RepublishSchedule schedule;
    private final Executor executor;
    private final ScheduledExecutorService timer;
    private final LongAdder published = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private @Nullable Future<?> next;
    private @Nullable CompletableFuture<?> running;
    private boolean closed;

    /**
     * @param self the key that is in no keystore
     * @param executor where the keystore is read
     */
    public Republisher(
            IpnsPublisher publisher,
            PrivateKey self,
            Keystore keys,
            RepublishSchedule schedule,
            Executor executor,
            ScheduledExecutorService timer) {
        this.publisher = publisher;
        this.self = self;
        this.keys = keys;
        this.schedule = schedule;
        this.executor = executor;
        this.timer = timer;
    }

    public void start() {
        plan(schedule.first());
    }

    private synchronized void plan(Duration delay) {
        if (closed) {
            return;
        }
        next = timer.schedule(this::begin, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void begin() {
        try {
            executor.execute(this::round);
        } catch (RejectedExecutionException e) {
            LOG.debug("no thread for republishing", e);
            plan(schedule.after(true));
        }
    }

    private void round() {
        Deque<PrivateKey> left = new ArrayDeque<>();
        left.add(self);
        boolean failed = false;
        try {
            for (String name : keys.names()) {
                keys.get(name).ifPresent(left::add);
            }
        } catch (NamingException e) {
            LOG.warn("republishing: {}", e.getMessage());
            failed = true;
        }
        step(left, failed);
    }

    private void step(Deque<PrivateKey> left, boolean failed) {
        PrivateKey key = left.poll();
        if (key == null) {
            plan(schedule.after(failed));
            return;
        }
        CompletableFuture<Optional<Integer>> step = republish(key);
        synchronized (this) {
            if (closed) {
                step.cancel(false);
                return;
            }
            running = step;
        }
        // Asynchronous, so that a thousand names without records are no stack of a thousand calls.
        step.whenCompleteAsync(
                (takers, fault) -> {
                    if (fault != null) {
                        failures.increment();
                        LOG.debug("republishing {} failed", IpnsName.of(key.publicKey()), fault);
                    } else if (takers.isPresent()) {
                        published.increment();
                    }
                    step(left, failed || fault != null);
                },
                executor);
    }

    private CompletableFuture<Optional<Integer>> republish(PrivateKey key) {
        return publisher
                .renew(key, schedule.lifetime())
                .thenCompose(renewed -> renewed.isEmpty()
                        ? CompletableFuture.completedFuture(Optional.empty())
                        : publisher
                                .handOut(IpnsName.of(key.publicKey()), renewed.get())
                                .thenApply(Optional::of));
    }

    /** How many records have been published again since the start. */
    public long publishedCount() {
        return published.sum();
    }

    public long failureCount() {
        return failures.sum();
    }

    @Override
    public synchronized void close() {
        closed = true;
        Future<?> planned = next;
        if (planned != null) {
            planned.cancel(false);
        }
        CompletableFuture<?> step = running;
        if (step != null) {
            step.cancel(false);
        }
    }
}
