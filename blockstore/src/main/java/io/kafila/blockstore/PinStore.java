package io.kafila.blockstore;

import io.kafila.multiformats.Cid;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The pins of a repository, durable when their futures complete. Thread-safe.
 *
 * <p>It keeps roots and knows nothing of links: that a recursive pin's graph is whole is the business of whoever pins.
 */
public interface PinStore {

    /** Adds or replaces the pin of a Cid. A direct one never replaces a recursive one: that fails. */
    CompletableFuture<Void> put(Pin pin);

    /** Removes the pin of a Cid; answers whether there was one. */
    CompletableFuture<Boolean> remove(Cid cid);

    /** Moves a recursive pin in one step: {@code to} is pinned, and {@code from} unpinned where asked. */
    CompletableFuture<Void> update(Cid from, Pin to, boolean unpinFrom);

    CompletableFuture<Optional<Pin>> get(Cid cid);

    /** All pins, ordered by Cid. The caller closes the cursor. */
    Cursor<Pin> list();

    /** How many pins there are of each mode. */
    CompletableFuture<Long> count(PinMode mode);

    /** Convenience for small sets and tests. */
    CompletableFuture<List<Pin>> all();
}
