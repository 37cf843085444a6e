package io.kafila.daemon.internal.verbs;

import io.kafila.daemon.internal.command.Request;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Carries what a piece of work reports in its own threads to the thread of the command, which emits it. A slow client slows
 * the work down; a command that ends early cancels it. Events are gathered for a moment, so that many small ones cost few
 * wake-ups and few writes. Guarded by itself.
 */
final class Events<T> {
    private static final int CAPACITY = 1024;

    /** The events that need not wait for more. */
    private static final int BATCH = 256;

    /** How long events wait for more: nobody sees it. */
    private static final long GATHER_NANOS = 5_000_000L;

    private final Deque<T> waiting = new ArrayDeque<>();
    /** Whether what waits is to go at once. */
    private boolean hurried;

    private boolean done;
    private boolean abandoned;

    /** Hands an event over; waits while too many wait. */
    void put(T event) {
        put(event, false);
    }

    /** {@link #put} of an event that somebody waits for: it is not gathered, and all before it go with it. */
    void hurry(T event) {
        put(event, true);
    }

    private void put(T event, boolean atOnce) {
        synchronized (this) {
            while (waiting.size() >= CAPACITY && !abandoned) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new CancellationException("interrupted");
                }
            }
            if (abandoned) {
                throw new CancellationException("nobody listens any more");
            }
            waiting.add(event);
            hurried |= atOnce;
            if (waiting.size() == 1 || waiting.size() == BATCH || atOnce) {
                notifyAll();
            }
        }
    }

    /** Hands events to {@code each} in this thread until the work is done, and answers its result. */
    <R> R drain(CompletableFuture<R> work, Consumer<T> each) throws InterruptedException {
        return drainBatches(work, batch -> batch.forEach(each));
    }

    /** {@link #drain}, with what has gathered at once. */
    <R> R drainBatches(CompletableFuture<R> work, Consumer<List<T>> each) throws InterruptedException {
        work.whenComplete((result, failure) -> finish());
        try {
            for (List<T> batch = take(); !batch.isEmpty(); batch = take()) {
                each.accept(batch);
            }
            return Request.await(work);
        } finally {
            abandon();
            work.cancel(true);
        }
    }

    private synchronized void finish() {
        done = true;
        notifyAll();
    }

    private synchronized void abandon() {
        abandoned = true;
        waiting.clear();
        notifyAll();
    }

    /** What has gathered; empty when the work is done and all was taken. */
    private synchronized List<T> take() throws InterruptedException {
        while (waiting.isEmpty() && !done) {
            wait();
        }
        long end = System.nanoTime() + GATHER_NANOS;
        long left = GATHER_NANOS;
        while (waiting.size() < BATCH && !hurried && !done && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = end - System.nanoTime();
        }
        hurried = false;
        List<T> batch = List.copyOf(waiting);
        waiting.clear();
        notifyAll();
        return batch;
    }
}
