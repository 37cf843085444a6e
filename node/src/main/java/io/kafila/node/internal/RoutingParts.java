package io.kafila.node.internal;

import io.kafila.dht.Dht;
import io.kafila.dht.QueryEvent;
import io.kafila.dht.RecordValidator;
import io.kafila.libp2p.routing.ContentRouting;
import io.kafila.libp2p.routing.PeerRouting;
import io.kafila.libp2p.routing.ValueRouting;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The routing systems of a node, asked at once. Thread-safe.
 *
 * @param validators say which of the values that several systems found is the best
 */
public record RoutingParts(@Nullable Dht dht, List<RecordValidator> validators) {
    public RoutingParts {
        validators = List.copyOf(validators);
    }

    /** @param events told of what happens in the DHT, on its thread */
    public ContentRouting content(Consumer<QueryEvent> events) {
        Dht asked = dht;
        return new ParallelContentRouting(
                asked == null
                        ? List.of()
                        : List.of((cid, limit, found) -> asked.findProviders(cid.multihash(), limit, found, events)));
    }

    public PeerRouting peers(Consumer<QueryEvent> events) {
        Dht asked = dht;
        return new ParallelPeerRouting(asked == null ? List.of() : List.of(peer -> asked.findPeer(peer, events)));
    }

    public ValueRouting values() {
        return new ParallelValueRouting(dht == null ? List.of() : List.of(dht), validators);
    }
}
