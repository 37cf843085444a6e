package io.kafila.node.internal;

import io.kafila.delegated.DelegatedEndpoint;
import io.kafila.delegated.DelegatedRouter;
import io.kafila.dht.Dht;
import io.kafila.dht.QueryEvent;
import io.kafila.dht.RecordValidator;
import io.kafila.libp2p.routing.ContentRouting;
import io.kafila.libp2p.routing.PeerRouting;
import io.kafila.libp2p.routing.ValueRouting;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The routing systems of a node, asked at once. Thread-safe.
 *
 * @param delegated asked over HTTP
 * @param validators say which of the values that several systems found is the best
 */
public record RoutingParts(@Nullable Dht dht, List<DelegatedRouter> delegated, List<RecordValidator> validators) {
    public RoutingParts {
        delegated = List.copyOf(delegated);
        validators = List.copyOf(validators);
    }

    /** @param events told of what happens in the DHT, on its thread */
    public ContentRouting content(Consumer<QueryEvent> events) {
        List<ContentRouting> systems = new ArrayList<>(delegated);
        Dht asked = dht;
        if (asked != null) {
            systems.add((cid, limit, found) -> asked.findProviders(cid.multihash(), limit, found, events));
        }
        return new ParallelContentRouting(systems);
    }

    public PeerRouting peers(Consumer<QueryEvent> events) {
        List<PeerRouting> systems = new ArrayList<>(delegated);
        Dht asked = dht;
        if (asked != null) {
            systems.add(peer -> asked.findPeer(peer, events));
        }
        return new ParallelPeerRouting(systems);
    }

    public ValueRouting values() {
        Dht asked = dht;
        List<ValueRouting> systems = new ArrayList<>(delegated);
        if (asked != null) {
            systems.add(asked);
        }
        return new ParallelValueRouting(systems, validators);
    }

    /** Those that are given records of names over HTTP. */
    public List<DelegatedRouter> publishers() {
        return delegated.stream()
                .filter(router -> router.endpoint().can(DelegatedEndpoint.Ability.IPNS_PUT))
                .toList();
    }
}
