package io.kafila.node.internal;

import io.kafila.libp2p.routing.PeerRouting;
import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.PeerId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Several systems that know peers, all asked at once; the first that knows the peer answers. Thread-safe. */
public final class ParallelPeerRouting implements PeerRouting {
    private final List<PeerRouting> systems;

    public ParallelPeerRouting(List<? extends PeerRouting> systems) {
        this.systems = List.copyOf(systems);
    }

    @Override
    public CompletableFuture<Optional<Provider>> findPeer(PeerId peer) {
        if (systems.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        List<CompletableFuture<Optional<Provider>>> asking =
                systems.stream().map(system -> system.findPeer(peer)).toList();
        CompletableFuture<Optional<Provider>> result = Gathering.of(
                asking, found -> found.stream().flatMap(Optional::stream).findFirst());
        asking.forEach(each -> each.thenAccept(found -> {
            if (found.isPresent()) {
                result.complete(found);
            }
        }));
        result.whenComplete((found, fault) -> asking.forEach(each -> each.cancel(false)));
        return result;
    }
}
