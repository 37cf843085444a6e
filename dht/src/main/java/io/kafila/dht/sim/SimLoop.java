package io.kafila.dht.sim;

import io.kafila.dht.internal.net.DhtLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time that all nodes share: it jumps from one event to the next, and stands still while one runs. Events of the same time run
 * in the order in which they were scheduled, so that a run depends on its seed alone. Confined to one thread.
 */
final class SimLoop implements DhtLoop {
    private static final long EPOCH_MILLIS =
            Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    private static final class Event implements Comparable<Event> {
        private final long dueNanos;
        private final long order;
        private @Nullable Runnable task;

        Event(long dueNanos, long order, Runnable task) {
            this.dueNanos = dueNanos;
            this.order = order;
            this.task = task;
        }

        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(dueNanos, other.dueNanos);
            return byTime == 0 ? Long.compare(order, other.order) : byTime;
        }
    }

    private final PriorityQueue<Event> later = new PriorityQueue<>();
    private final ArrayDeque<Runnable> now = new ArrayDeque<>();
    private long nanos;
    private long scheduled;

    @Override
    public void execute(Runnable task) {
        now.add(task);
    }

    /** {@inheritDoc} What is withdrawn stays in the queue, empty, until its time comes. */
    @Override
    public Runnable schedule(long delayNanos, Runnable task) {
        Event event = new Event(nanos + Math.max(0, delayNanos), scheduled++, task);
        later.add(event);
        return () -> event.task = null;
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public long currentTimeMillis() {
        return EPOCH_MILLIS + nanos / 1_000_000;
    }

    @Override
    public boolean inLoop() {
        return true;
    }

    /** Lets so much time go by. */
    void run(Duration time) {
        long end = nanos + time.toNanos();
        while (step(end)) {
            // all is done in the condition
        }
        nanos = end;
    }

    /**
     * Lets time go by until the future is done.
     *
     * @throws IllegalStateException if that takes more than {@code limit}
     */
    <T> T await(CompletableFuture<T> future, Duration limit) {
        long end = nanos + limit.toNanos();
        while (!future.isDone()) {
            if (!step(end)) {
                throw new IllegalStateException(
                        "simulation: not done within " + limit.toSeconds() + " s of virtual time");
            }
        }
        return future.join();
    }

    /** Runs the next event, if one is due by then. */
    private boolean step(long endNanos) {
        Runnable task = now.poll();
        if (task == null) {
            Event next = later.peek();
            if (next == null || next.dueNanos > endNanos) {
                return false;
            }
            later.remove();
            nanos = next.dueNanos;
            task = next.task;
        }
        if (task != null) {
            task.run();
        }
        return true;
    }
}
