package io.kafila.blockstore.internal;

import io.kafila.blockstore.Cursor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * A cursor over an ordered map that asks for what lies behind the last key it gave. Nothing is held between two calls,
 * so what is added or removed meanwhile is seen if it lies ahead. Confined to one consumer at a time.
 *
 * @param <E> what the map gives
 * @param <T> what the consumer gets
 */
public final class ScanCursor<E, T> implements Cursor<T> {
    /** At most {@code limit} entries behind the key {@code after}, in order. */
    @FunctionalInterface
    public interface Scan<E> {
        List<E> next(byte[] after, int limit);
    }

    private final Executor executor;
    private final Scan<E> scan;
    private final Function<E, byte[]> key;
    private final Function<E, T> value;
    private byte[] after = new byte[0];
    private volatile boolean done;

    public ScanCursor(Executor executor, Scan<E> scan, Function<E, byte[]> key, Function<E, T> value) {
        this.executor = executor;
        this.scan = scan;
        this.key = key;
        this.value = value;
    }

    @Override
    public CompletableFuture<List<T>> next(int limit) {
        if (limit < 1) {
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException("cursor: limit " + limit + ", want 1 or more"));
        }
        return Futures.supply(executor, () -> step(limit));
    }

    private List<T> step(int limit) {
        if (done) {
            return List.of();
        }
        List<E> entries = scan.next(after, limit);
        if (entries.isEmpty()) {
            done = true;
            return List.of();
        }
        after = key.apply(entries.get(entries.size() - 1));
        List<T> values = new ArrayList<>(entries.size());
        for (E entry : entries) {
            values.add(value.apply(entry));
        }
        return values;
    }

    @Override
    public void close() {
        done = true;
    }
}
