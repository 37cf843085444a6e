package io.kafila.node;

import io.kafila.delegated.DelegatedRouter;
import io.kafila.dht.Dht;
import io.kafila.dht.DhtException;
import io.kafila.dht.Providing;
import io.kafila.dht.QueryEvent;
import io.kafila.libp2p.routing.Provider;
import io.kafila.libp2p.routing.ValueRouting;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.PeerId;
import io.kafila.node.internal.Parts;
import io.kafila.node.internal.ProvideFeed;
import io.kafila.node.internal.RoutingParts;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who has what and who is where, from the DHT and from delegated routers, as far as {@link NodeOptions.Routing} allows. Watchers hear
 * of what happens in the DHT on its thread and must not block. Thread-safe; cancelling a future ends its search.
 */
public final class Routing {
    private final RoutingParts parts;
    private final @Nullable ProvideFeed feed;

    Routing(Parts parts) {
        this.parts = parts.routing();
        this.feed = parts.feed();
    }

    /** Looks for providers, and tells of each once, until there are {@code limit} or no more can be found. */
    public CompletableFuture<Void> findProviders(
            Cid cid, int limit, Consumer<Provider> found, Consumer<QueryEvent> events) {
        return parts.content(events).findProviders(cid, limit, found);
    }

    /** Looks for the addresses of a peer; empty if nobody knows any. */
    public CompletableFuture<Optional<Provider>> findPeer(PeerId peer, Consumer<QueryEvent> events) {
        return parts.peers(events).findPeer(peer);
    }

    /** Tells the DHT that this node has the content; fails with a {@link DhtException} where nobody could be told. */
    public CompletableFuture<Integer> provide(Cid cid, Consumer<QueryEvent> events) {
        Dht dht = parts.dht();
        return dht == null
                ? CompletableFuture.failedFuture(new DhtException("routing: operation or key not supported"))
                : dht.provide(cid.multihash(), events);
    }

    /** What is told to the DHT, now and again; empty without a DHT or where {@link NodeOptions.Providing} says no. */
    public Optional<Providing> providing() {
        return Optional.ofNullable(feed).map(ProvideFeed::providing);
    }

    /** Reads anew what is to be provided and makes all of it due. */
    public CompletableFuture<Void> reprovide() {
        ProvideFeed all = feed;
        return all == null
                ? CompletableFuture.failedFuture(new DhtException("routing: operation or key not supported"))
                : all.round().thenCompose(gone -> all.providing().reprovide());
    }

    /** Values by key; see {@link ValueRouting}. */
    public ValueRouting values() {
        return parts.values();
    }

    /** The routers that are asked over HTTP. */
    public List<DelegatedRouter> delegated() {
        return parts.delegated();
    }

    /** The DHT; empty where there is none. */
    public Optional<Dht> dht() {
        return Optional.ofNullable(parts.dht());
    }
}
