package io.kafila.dag;

import io.kafila.blockstore.Cursor;
import io.kafila.blockstore.exchange.BlockSource;
import io.kafila.dag.internal.Walk;
import io.kafila.multiformats.Cid;
import java.util.List;

/**
 * Visits the blocks below some roots, each before what it links to and in the order of its links, while it fetches
 * ahead of its consumer.
 *
 * <p>Memory is bounded: blocks ahead by {@link WalkOptions#aheadBytes}, known links by {@link WalkOptions#maxPending},
 * and a visited Cid costs about 30 bytes. A block that is missing or unreadable ends the walk with its error unless
 * {@link WalkOptions#failures} is set.
 */
public final class DagWalk {
    private DagWalk() {}

    /**
     * Starts to walk; fetching begins at once. The caller closes the cursor, which withdraws what is under way, and every
     * step that it takes. The source stays open.
     */
    public static Cursor<WalkStep> start(BlockSource source, Codecs codecs, List<Cid> roots, WalkOptions options) {
        return Walk.start(source, codecs, roots, options);
    }
}
