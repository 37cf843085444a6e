package io.kafila.node.internal;

import io.kafila.libp2p.routing.ContentRouting;
import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.PeerId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Several systems that know providers, all asked at once. Each provider is told once, and again where another system knows
 * addresses of one that had none; the limit counts all of them together. Thread-safe.
 */
public final class ParallelContentRouting implements ContentRouting {
    private final List<ContentRouting> systems;

    public ParallelContentRouting(List<? extends ContentRouting> systems) {
        this.systems = List.copyOf(systems);
    }

    @Override
    public CompletableFuture<Void> findProviders(Cid cid, int limit, Consumer<Provider> found) {
        if (systems.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        if (systems.size() == 1) {
            return systems.get(0).findProviders(cid, limit, found);
        }
        Merge merge = new Merge(limit, found);
        List<CompletableFuture<Void>> asking = systems.stream()
                .map(system -> system.findProviders(cid, limit, merge::accept))
                .toList();
        CompletableFuture<Void> result = Gathering.of(asking, nothing -> null);
        merge.full.thenRun(() -> result.complete(null));
        result.whenComplete((nothing, fault) -> asking.forEach(each -> each.cancel(false)));
        return result;
    }

    /** Guarded by itself. */
    private static final class Merge {
        private final int limit;
        private final Consumer<Provider> found;
        private final Set<PeerId> peers = new HashSet<>();
        private final Set<PeerId> withoutAddress = new HashSet<>();
        private final CompletableFuture<Void> full = new CompletableFuture<>();

        Merge(int limit, Consumer<Provider> found) {
            this.limit = limit;
            this.found = found;
        }

        void accept(Provider provider) {
            boolean last;
            synchronized (this) {
                boolean isNew = peers.size() < limit && peers.add(provider.peer());
                boolean known = !provider.addresses().isEmpty();
                if (!isNew && !(known && withoutAddress.remove(provider.peer()))) {
                    return;
                }
                if (isNew && !known) {
                    withoutAddress.add(provider.peer());
                }
                last = peers.size() >= limit;
                found.accept(provider);
            }
            if (last) {
                full.complete(null);
            }
        }
    }
}
