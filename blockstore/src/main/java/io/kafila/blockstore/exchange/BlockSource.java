package io.kafila.blockstore.exchange;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.DirectReads;
import io.kafila.multiformats.Cid;
import java.util.concurrent.CompletableFuture;

/**
 * Blocks from the store or, where they are absent, from the exchange: what a walk or a reader pulls from. Thread-safe.
 *
 * <p>Made for one piece of work, such as one cat; closing it closes the session below.
 */
public interface BlockSource extends AutoCloseable {

    /**
     * The block, from wherever it is. The caller owns and closes it.
     *
     * @throws BlockNotFoundException (in the future) where it is neither here nor can be fetched
     */
    CompletableFuture<Block> get(Cid cid);

    /** Blocks that are at hand, for whoever reads in a thread of its own and into memory of its own. */
    default DirectReads directReads() {
        return DirectReads.NONE;
    }

    @Override
    void close();
}
