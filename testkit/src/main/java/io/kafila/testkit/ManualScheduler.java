package io.kafila.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Runs tasks in the order of their due times, in the thread that advances the time. Confined to one thread.
 *
 * <p>Tasks with the same due time run in the order in which they were scheduled, so a run depends on its inputs alone.
 */
public final class ManualScheduler {
    private record Task(Instant due, long order, Runnable action) {}

    private final FakeClock clock;
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparing(Task::due).thenComparingLong(Task::order));
    private long scheduled;

    public ManualScheduler(FakeClock clock) {
        this.clock = clock;
    }

    public FakeClock clock() {
        return clock;
    }

    /** Schedules {@code action}; the answer withdraws it. */
    public Runnable schedule(Duration delay, Runnable action) {
        Task task = new Task(clock.instant().plus(delay), scheduled++, action);
        tasks.add(task);
        return () -> tasks.remove(task);
    }

    /** Moves the clock by {@code by}, running what falls due on the way, each task at its own time. */
    public void advance(Duration by) {
        Instant end = clock.instant().plus(by);
        for (Task next = tasks.peek(); next != null && !next.due().isAfter(end); next = tasks.peek()) {
            tasks.remove(next);
            if (next.due().isAfter(clock.instant())) {
                clock.advance(Duration.between(clock.instant(), next.due()));
            }
            next.action().run();
        }
        clock.advance(Duration.between(clock.instant(), end));
    }

    public int pending() {
        return tasks.size();
    }
}
