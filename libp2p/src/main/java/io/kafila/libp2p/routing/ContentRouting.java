package io.kafila.libp2p.routing;

import io.kafila.multiformats.Cid;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Who provides a block. Thread-safe. */
public interface ContentRouting {

    /**
     * Looks for peers that have a block and tells {@code found} of each as it is learnt, until {@code limit} are found or
     * no more can be. The future completes at the end; cancelling it ends the search.
     */
    CompletableFuture<Void> findProviders(Cid cid, int limit, Consumer<Provider> found);

    /** Knows nobody: a node without routing. */
    static ContentRouting none() {
        return (cid, limit, found) -> CompletableFuture.completedFuture(null);
    }
}
