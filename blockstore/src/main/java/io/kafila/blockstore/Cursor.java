package io.kafila.blockstore;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Many values, pulled: nothing is read ahead of what is asked for, but for one batch.
 *
 * <p>Confined to one consumer at a time: the next call comes after the last one's future completed.
 */
public interface Cursor<T> extends AutoCloseable {

    /** The next values, at most {@code limit} of them; an empty list says that there are no more. */
    CompletableFuture<List<T>> next(int limit);

    /** Gives up the rest. Idempotent. */
    @Override
    void close();
}
