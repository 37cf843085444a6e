package io.kafila.dht.internal.node;

import io.kafila.dht.QueryEvent;
import io.kafila.dht.internal.key.Contact;
import io.kafila.dht.internal.key.KadKey;
import io.kafila.dht.internal.net.DhtNetwork;
import io.kafila.dht.internal.records.Records;
import io.kafila.dht.internal.wire.Message;
import io.kafila.dht.internal.wire.PeerEntry;
import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.PeerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Who provides content, and telling others that this node does. Confined to the loop. */
final class ContentQueries {
    private final Query.Environment environment;
    private final Records records;
    private final DhtNetwork network;

    ContentQueries(Query.Environment environment, Records records) {
        this.environment = environment;
        this.records = records;
        this.network = environment.network();
    }

    CompletableFuture<Void> findProviders(
            Multihash content, int limit, Consumer<Provider> found, Consumer<QueryEvent> events) {
        byte[] key = content.bytes();
        Finding finding = new Finding(limit, found, events);
        CompletableFuture<Void> result = new CompletableFuture<>();
        records.providers(key)
                .exceptionally(unreadable -> List.of())
                .thenAcceptAsync(
                        own -> {
                            if (result.isDone()) {
                                return;
                            }
                            if (finding.add(network.self(), own)) {
                                result.complete(null);
                                return;
                            }
                            Query query = Query.ofContent(
                                    environment,
                                    KadKey.hash(key),
                                    Message.getProviders(key),
                                    events,
                                    (from, response) -> finding.add(from.peer(), response.providerPeers()));
                            Futures.forward(query.start(), result, outcome -> null);
                        },
                        environment.loop());
        return result;
    }

    /** What has been found so far. */
    private final class Finding {
        private final int limit;
        private final Consumer<Provider> found;
        private final Consumer<QueryEvent> events;
        private final Set<PeerId> seen = new HashSet<>();

        Finding(int limit, Consumer<Provider> found, Consumer<QueryEvent> events) {
            this.limit = limit;
            this.found = found;
            this.events = events;
        }

        /** Answers whether these make it enough. */
        boolean add(PeerId from, List<PeerEntry> providers) {
            for (PeerEntry entry : providers) {
                if (seen.size() < limit && seen.add(entry.peer())) {
                    Provider provider = new Provider(entry.peer(), addresses(entry));
                    events.accept(QueryEvent.of(QueryEvent.Kind.PROVIDER, from, List.of(provider)));
                    found.accept(provider);
                }
            }
            return seen.size() >= limit;
        }

        private List<Multiaddr> addresses(PeerEntry entry) {
            Set<Multiaddr> addresses = new LinkedHashSet<>(entry.addresses());
            if (entry.peer().equals(network.self())) {
                addresses.addAll(network.ownAddresses());
            } else if (addresses.isEmpty()) {
                addresses.addAll(network.knownAddresses(entry.peer()));
            }
            return List.copyOf(addresses);
        }
    }

    /** Tells the k nearest servers, and keeps the record here, too; answers how many were told. */
    CompletableFuture<Integer> provide(Multihash content, List<Contact> nearest) {
        byte[] key = content.bytes();
        PeerEntry self = new PeerEntry(network.self(), network.ownAddresses());
        List<CompletableFuture<Boolean>> told = new ArrayList<>();
        for (Contact contact : nearest) {
            told.add(send(contact.peer(), contact.addresses(), List.of(Message.addProvider(key, self)))
                    .handle((done, error) -> error == null));
        }
        return records.addProvider(key, self)
                .handle((kept, error) -> null)
                .thenCompose(kept -> CompletableFuture.allOf(told.toArray(CompletableFuture[]::new)))
                .thenApply(all ->
                        (int) told.stream().filter(CompletableFuture::join).count());
    }

    CompletableFuture<Void> announce(Provider to, Collection<Multihash> keys) {
        PeerEntry self = new PeerEntry(network.self(), network.ownAddresses());
        List<Message> messages =
                keys.stream().map(key -> Message.addProvider(key.bytes(), self)).toList();
        return send(to.peer(), to.addresses(), messages);
    }

    private CompletableFuture<Void> send(PeerId peer, List<Multiaddr> addresses, List<Message> messages) {
        long timeoutNanos = environment.options().requestTimeoutNanos();
        messages.forEach(each -> environment.counters().add(io.kafila.dht.internal.Counter.REQUESTS_SENT));
        return network.send(peer, addresses, messages, timeoutNanos);
    }
}
