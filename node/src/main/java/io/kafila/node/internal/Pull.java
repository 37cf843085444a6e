package io.kafila.node.internal;

import io.kafila.blockstore.Cursor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;

/** Pulls cursors to their end. Each value belongs to whoever it is handed to; those that a failure leaves over are closed. */
public final class Pull {
    private static final int BATCH = 256;

    /** Small, since values such as blocks hold memory until they were handed over. */
    private static final int BLOCKING_BATCH = 16;

    private Pull() {}

    /** Hands every value to {@code each}, one after the other, and closes the cursor. */
    public static <T> CompletableFuture<Void> forEach(Cursor<T> cursor, Consumer<? super T> each) {
        return inSequence(cursor, value -> {
            each.accept(value);
            return CompletableFuture.completedFuture(null);
        });
    }

    /** Hands every value to {@code each}, waiting for its future before the next, and closes the cursor. */
    public static <T> CompletableFuture<Void> inSequence(
            Cursor<T> cursor, Function<? super T, CompletableFuture<Void>> each) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        done.whenComplete((nothing, fault) -> cursor.close());
        step(cursor, each, List.of(), 0, done);
        return done;
    }

    /** {@link #forEach} in the calling thread, which waits; for consumers that block themselves. */
    public static <T> void forEachBlocking(Cursor<T> cursor, Consumer<? super T> each) {
        try (cursor) {
            for (List<T> batch = await(cursor); !batch.isEmpty(); batch = await(cursor)) {
                int next = 0;
                try {
                    while (next < batch.size()) {
                        each.accept(batch.get(next++));
                    }
                } finally {
                    discard(batch, next);
                }
            }
        }
    }

    private static <T> List<T> await(Cursor<T> cursor) {
        try {
            return cursor.next(BLOCKING_BATCH).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    public static <T> CompletableFuture<List<T>> toList(Cursor<T> cursor) {
        List<T> all = new ArrayList<>();
        return forEach(cursor, all::add).thenApply(nothing -> all);
    }

    /** Loops for as long as futures are complete already, so that a long run of them does not grow the stack. */
    private static <T> void step(
            Cursor<T> cursor,
            Function<? super T, CompletableFuture<Void>> each,
            List<T> batch,
            int from,
            CompletableFuture<Void> done) {
        List<T> values = batch;
        int next = from;
        try {
            while (!done.isDone()) {
                if (next == values.size()) {
                    CompletableFuture<List<T>> more = cursor.next(BATCH);
                    if (!more.isDone()) {
                        more.whenComplete((got, fault) -> resume(cursor, each, got, fault, done));
                        return;
                    }
                    values = more.join();
                    next = 0;
                    if (values.isEmpty()) {
                        done.complete(null);
                        return;
                    }
                }
                CompletableFuture<Void> handled = each.apply(values.get(next++));
                if (!handled.isDone()) {
                    List<T> rest = values;
                    int resumeAt = next;
                    handled.whenComplete((nothing, fault) -> {
                        if (fault != null) {
                            discard(rest, resumeAt);
                            done.completeExceptionally(fault);
                        } else {
                            step(cursor, each, rest, resumeAt, done);
                        }
                    });
                    return;
                }
                handled.join();
            }
        } catch (CompletionException e) {
            discard(values, next);
            done.completeExceptionally(e.getCause() == null ? e : e.getCause());
        } catch (RuntimeException e) {
            discard(values, next);
            done.completeExceptionally(e);
        }
    }

    /** Closes what was pulled and is not handed over any more, such as blocks. */
    private static <T> void discard(List<T> values, int from) {
        for (T value : values.subList(from, values.size())) {
            if (value instanceof AutoCloseable closeable) {
                try {
                    closeable.close();
                } catch (Exception e) {
                    throw new IllegalStateException("cannot close " + value, e);
                }
            }
        }
    }

    private static <T> void resume(
            Cursor<T> cursor,
            Function<? super T, CompletableFuture<Void>> each,
            List<T> batch,
            Throwable fault,
            CompletableFuture<Void> done) {
        if (fault != null) {
            done.completeExceptionally(fault);
        } else if (batch.isEmpty()) {
            done.complete(null);
        } else {
            step(cursor, each, batch, 0, done);
        }
    }
}
