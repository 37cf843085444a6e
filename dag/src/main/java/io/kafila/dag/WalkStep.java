package io.kafila.dag;

import io.kafila.blockstore.Block;
import io.kafila.multiformats.Cid;
import java.util.List;
import java.util.Optional;

/**
 * One visit of a {@link DagWalk}. Whoever takes it owns its block and closes the step.
 *
 * @param parent the block whose link led here; empty for a root
 * @param linkName the name of that link where it has one and names were asked for
 * @param depth how many links below its root
 * @param block empty where it was not to be fetched or could not be
 * @param links what the block links to, in order, duplicates included
 * @param failure why there is no block or why its links are unknown, where failures were asked for
 */
public record WalkStep(
        Cid cid,
        Optional<Cid> parent,
        String linkName,
        int depth,
        Optional<Block> block,
        List<PbLink> links,
        Optional<Throwable> failure)
        implements AutoCloseable {

    @Override
    public void close() {
        block.ifPresent(Block::close);
    }
}
