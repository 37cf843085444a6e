package io.kafila.dag;

import io.kafila.multiformats.Cid;
import java.util.function.Predicate;

/**
 * How a {@link DagWalk} goes.
 *
 * @param unique whether each Cid is visited once; otherwise once for every way that leads to it
 * @param maxDepth how many links below a root the walk goes; 0 visits the roots alone
 * @param aheadBlocks how many blocks are being fetched at once
 * @param aheadBytes how many bytes may be fetched and not yet taken by the consumer; sizes of what is under way are
 *     estimated from those seen
 * @param maxPending how many links may be known and not yet visited; more fail the walk
 * @param names whether steps carry the names of the links that led to them, which costs a little
 * @param failures whether a block that cannot be had or read is a step with a failure; otherwise it ends the walk
 * @param fetched which blocks are fetched; the others are visited without their block and their links
 */
public record WalkOptions(
        boolean unique,
        int maxDepth,
        int aheadBlocks,
        long aheadBytes,
        int maxPending,
        boolean names,
        boolean failures,
        Predicate<Cid> fetched) {

    /**
     * Every block below the roots once: 32 MiB ahead (a session's budget, see {@link
     * io.kafila.blockstore.exchange.FetchOptions}), but at most 1024 fetches at a time, which of 10 KiB cover
     * 100 ms at 100 MB/s. Half a million links pending, which is about 100 MiB at worst.
     */
    public static final WalkOptions DEFAULT =
            new WalkOptions(true, Integer.MAX_VALUE, 1024, 32L * 1024 * 1024, 512 * 1024, false, false, cid -> true);

    public WalkOptions {
        if (maxDepth < 0 || aheadBlocks < 1 || aheadBytes < 0 || maxPending < 1) {
            throw new IllegalArgumentException("walk options: depth " + maxDepth + ", " + aheadBlocks + " blocks and "
                    + aheadBytes + " bytes ahead, " + maxPending + " links pending, want at least 0, 1, 0 and 1");
        }
    }

    public WalkOptions withUnique(boolean value) {
        return new WalkOptions(value, maxDepth, aheadBlocks, aheadBytes, maxPending, names, failures, fetched);
    }

    public WalkOptions withMaxDepth(int value) {
        return new WalkOptions(unique, value, aheadBlocks, aheadBytes, maxPending, names, failures, fetched);
    }

    public WalkOptions withAhead(int blocks, long bytes) {
        return new WalkOptions(unique, maxDepth, blocks, bytes, maxPending, names, failures, fetched);
    }

    public WalkOptions withMaxPending(int value) {
        return new WalkOptions(unique, maxDepth, aheadBlocks, aheadBytes, value, names, failures, fetched);
    }

    public WalkOptions withNames(boolean value) {
        return new WalkOptions(unique, maxDepth, aheadBlocks, aheadBytes, maxPending, value, failures, fetched);
    }

    public WalkOptions withFailures(boolean value) {
        return new WalkOptions(unique, maxDepth, aheadBlocks, aheadBytes, maxPending, names, value, fetched);
    }

    public WalkOptions withFetched(Predicate<Cid> value) {
        return new WalkOptions(unique, maxDepth, aheadBlocks, aheadBytes, maxPending, names, failures, value);
    }
}
