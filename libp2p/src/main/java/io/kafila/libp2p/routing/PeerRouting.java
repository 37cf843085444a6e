package io.kafila.libp2p.routing;

import io.kafila.multiformats.PeerId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Where a peer can be dialed. Thread-safe. */
@FunctionalInterface
public interface PeerRouting {

    /**
     * Looks for the addresses of a peer; empty if nobody who was asked knows any. Cancelling the future ends the search.
     */
    CompletableFuture<Optional<Provider>> findPeer(PeerId peer);

    /** Knows nobody: a node without routing. */
    static PeerRouting none() {
        return peer -> CompletableFuture.completedFuture(Optional.empty());
    }
}
