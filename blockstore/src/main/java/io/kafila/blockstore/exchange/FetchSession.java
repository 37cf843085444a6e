package io.kafila.blockstore.exchange;

import io.kafila.blockstore.Block;
import io.kafila.multiformats.Cid;
import java.util.concurrent.CompletableFuture;

/**
 * Wants that belong together. Thread-safe.
 *
 * <p>{@link #fetch} is a want; a reader that knows what it needs next calls it early, for many Cids, and the session
 * orders them: the first called is the most urgent.
 */
public interface FetchSession extends AutoCloseable {

    /**
     * Wants a block. The future gives a verified block that is already durable in the local store where the exchange has
     * one; the caller owns and closes it. Cancelling the future withdraws the want. It does not give up by itself: the
     * caller sets the deadline.
     */
    CompletableFuture<Block> fetch(Cid cid);

    /** Withdraws all wants; their futures fail. Idempotent. */
    @Override
    void close();
}
