package io.kafila.daemon.internal.verbs;

import io.kafila.daemon.internal.command.Request;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries what a piece of work reports in its own threads to the thread of the command, which emits it. A slow client slows
 * the work down; a command that ends early cancels it. Guarded by itself.
 */
final class Events<T> {
    private static final int CAPACITY = 256;

    private final Deque<T> waiting = new ArrayDeque<>();
    private boolean done;
    private boolean abandoned;

    /** Hands an event over; waits while too many wait. */
    void put(T event) {
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
            notifyAll();
        }
    }

    /** Hands events to {@code each} in this thread until the work is done, and answers its result. */
    <R> R drain(CompletableFuture<R> work, Consumer<T> each) throws InterruptedException {
        work.whenComplete((result, failure) -> finish());
        try {
            for (T event = take(); event != null; event = take()) {
                each.accept(event);
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

    private synchronized @Nullable T take() throws InterruptedException {
        while (waiting.isEmpty() && !done) {
            wait();
        }
        T event = waiting.poll();
        notifyAll();
        return event;
    }
}
