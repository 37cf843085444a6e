package io.kafila.node.internal;

import io.kafila.blockstore.Cursor;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A cursor that gives back what it stands on when it is closed. */
public final class OwningCursor<T> implements Cursor<T> {
    private final Cursor<T> cursor;
    private final Runnable owned;
    private final AtomicBoolean closed = new AtomicBoolean();

    public OwningCursor(Cursor<T> cursor, Runnable owned) {
        this.cursor = cursor;
        this.owned = owned;
    }

    @Override
    public CompletableFuture<List<T>> next(int limit) {
        return cursor.next(limit);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                cursor.close();
            } finally {
                owned.run();
            }
        }
    }
}
