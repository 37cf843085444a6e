package io.kafila.dht.internal.node;

import io.kafila.dht.DhtException;
import io.kafila.dht.QueryEvent;
import io.kafila.dht.internal.Counter;
import io.kafila.dht.internal.Counters;
import io.kafila.dht.internal.key.Contact;
import io.kafila.dht.internal.key.KadKey;
import io.kafila.dht.internal.key.Keyspace;
import io.kafila.dht.internal.net.DhtLoop;
import io.kafila.dht.internal.net.DhtNetwork;
import io.kafila.dht.internal.records.Records;
import io.kafila.dht.internal.records.Validators;
import io.kafila.dht.internal.table.RoutingTable;
import io.kafila.dht.internal.wire.Message;
import io.kafila.dht.internal.wire.PeerEntry;
import io.kafila.dht.internal.wire.WireException;
import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.PeerId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One DHT of a node: routing table, records, queries and the answers to others', over any {@link DhtNetwork}. This is what a
 * simulation makes thousands of.
 *
 * <p>Confined to the loop: every method is called there. Futures complete there or on the thread of the stores. Cancelling
 * one ends what it stands for.
 */
public final class Kademlia {
    private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

    /** How long after the first peer came in the table is filled by lookups: others come at the same time. */
    private static final long FILL_DELAY_NANOS = Duration.ofMillis(500).toNanos();

    /** Below so many peers each newcomer is a reason to look for more. */
    private static final int FEW_PEERS = 20;

    /** Buckets deeper than this one are filled by the lookup of this node itself. */
    private static final int MAX_REFRESHED_BUCKET = 15;

    private final DhtLoop loop;
    private final DhtNetwork network;
    private final Keyspace keyspace;
    private final KademliaOptions options;
    private final Counters counters;
    private final Records records;
    private final Random random;
    private final Neighbours neighbours;
    private final RequestHandler handler;
    private final Query.Environment environment;
    private final ContentQueries content;
    private final ValueQueries values;
    private boolean serving;
    private boolean filling;
    private boolean closed;
    private boolean refreshed;
    private long refreshedNanos;

    /** @param records its datastore is this DHT's alone */
    public Kademlia(
            DhtLoop loop,
            DhtNetwork network,
            Keyspace keyspace,
            KademliaOptions options,
            Records records,
            Validators validators,
            Counters counters,
            Random random) {
        this.loop = loop;
        this.network = network;
        this.keyspace = keyspace;
        this.options = options;
        this.records = records;
        this.counters = counters;
        this.random = random;
        this.neighbours = new Neighbours(loop, network, keyspace, options, counters, this::onPeerAdded);
        this.handler = new RequestHandler(network, neighbours, options, records, counters);
        this.environment = new Query.Environment(loop, network, neighbours, options, counters);
        this.content = new ContentQueries(environment, records);
        this.values = new ValueQueries(environment, records, validators);
        this.refreshedNanos = loop.nanoTime();
    }

    /** Begins to care for the table. Peers are to be told of by {@link #onServer}. */
    public void start() {
        loop.schedule((long) (random.nextDouble() * MINUTE_NANOS), this::everyMinute);
    }

    /** Cares no more; queries that are under way end by themselves. */
    public void close() {
        closed = true;
    }

    /** Whether requests of others are answered; not so at first. */
    public void serve(boolean answer) {
        serving = answer;
    }

    public boolean isServing() {
        return serving;
    }

    /** A peer says (by identify) that it is a server of this DHT, and where it is. It is asked before it comes in. */
    public void onServer(PeerId peer, Collection<Multiaddr> addresses) {
        neighbours.onServer(peer, addresses);
    }

    /** A peer says that it is no server of this DHT. */
    public void onNoServer(PeerId peer) {
        neighbours.onNoServer(peer);
    }

    /**
     * The response to a peer's request, empty for ADD_PROVIDER.
     *
     * @return fails with a {@link io.kafila.dht.DhtException} if the request is refused: the peer loses its stream
     */
    public CompletableFuture<Optional<Message>> handle(PeerId from, Message request) {
        if (!serving) {
            counters.add(Counter.REQUESTS_AS_CLIENT_REFUSED);
            return CompletableFuture.failedFuture(new WireException("request to a client"));
        }
        return handler.handle(from, request);
    }

    /** The k nearest servers to where {@code name} lies that have answered, nearest first. */
    public CompletableFuture<List<Contact>> closestPeers(byte[] name, Consumer<QueryEvent> events) {
        CompletableFuture<List<Contact>> result = new CompletableFuture<>();
        Futures.forward(lookup(name, events), result, outcome -> {
            outcome.nearest().forEach(each -> tellFinal(each, events));
            return outcome.nearest();
        });
        return result;
    }

    private static void tellFinal(Contact contact, Consumer<QueryEvent> events) {
        events.accept(QueryEvent.of(QueryEvent.Kind.FINAL_PEER, contact.peer(), List.of(contact.toProvider())));
    }

    /** As {@link #closestPeers}, and more than k where somebody has put servers of his own around the name. */
    public CompletableFuture<List<Contact>> holders(byte[] name, Consumer<QueryEvent> events) {
        CompletableFuture<List<Contact>> result = new CompletableFuture<>();
        Query query = Query.ofContent(
                environment, KadKey.hash(name), Message.findNode(name), events, (from, response) -> false);
        Futures.forward(query.start(), result, outcome -> {
            outcome.nearest().forEach(each -> tellFinal(each, events));
            return outcome.nearest();
        });
        return result;
    }

    /** See {@link io.kafila.dht.Announcer#usualBits}. */
    public int usualBits() {
        return neighbours.usualBits();
    }

    /** A lookup that only looks; what it took is in the answer, for statistics. */
    public CompletableFuture<LookupOutcome> measuredLookup(byte[] name) {
        return lookup(name, Query.UNWATCHED)
                .thenApply(outcome -> new LookupOutcome(outcome.nearest(), outcome.asked(), outcome.hops()));
    }

    /** What a lookup found and took. */
    public record LookupOutcome(List<Contact> nearest, int asked, int hops) {}

    private CompletableFuture<Query.Outcome> lookup(byte[] name, Consumer<QueryEvent> events) {
        return new Query(environment, KadKey.hash(name), Message.findNode(name), events, (from, response) -> false)
                .start();
    }

    /** The addresses of a peer, from the first who knows them; empty if nobody does. */
    public CompletableFuture<Optional<Provider>> findPeer(PeerId peer, Consumer<QueryEvent> events) {
        List<Multiaddr> known = network.knownAddresses(peer).stream()
                .filter(options.addresses())
                .toList();
        if (!known.isEmpty() && network.isConnected(peer)) {
            return CompletableFuture.completedFuture(Optional.of(new Provider(peer, known)));
        }
        byte[] name = peer.bytes();
        CompletableFuture<Optional<Provider>> result = new CompletableFuture<>();
        Query query = new Query(environment, keyspace.keyOf(peer), Message.findNode(name), events, (from, response) -> {
            for (PeerEntry entry : response.closerPeers()) {
                Contact contact = entry.peer().equals(peer) ? neighbours.contact(entry) : null;
                if (contact != null) {
                    events.accept(
                            QueryEvent.of(QueryEvent.Kind.FINAL_PEER, from.peer(), List.of(contact.toProvider())));
                    result.complete(Optional.of(contact.toProvider()));
                    return true;
                }
            }
            return false;
        });
        Futures.forward(query.start(), result, outcome -> Optional.empty());
        return result;
    }

    /** See {@link io.kafila.libp2p.routing.ContentRouting#findProviders}. */
    public CompletableFuture<Void> findProviders(
            Multihash key, int limit, Consumer<Provider> found, Consumer<QueryEvent> events) {
        return content.findProviders(key, limit, found, events);
    }

    /** Tells the k nearest servers that this node provides the content; answers how many were told, at least one. */
    public CompletableFuture<Integer> provide(Multihash key, Consumer<QueryEvent> events) {
        CompletableFuture<List<Contact>> nearest = holders(key.bytes(), events);
        CompletableFuture<Integer> result = new CompletableFuture<>();
        Futures.forward(
                nearest.thenComposeAsync(peers -> content.provide(key, peers), loop)
                        .thenApply(told -> {
                            if (told == 0) {
                                throw new DhtException("dht: no peer of the " + options.name()
                                        + " network could be told of the provider, want at least one");
                            }
                            return told;
                        }),
                result,
                told -> told);
        result.whenComplete((told, error) -> nearest.cancel(false));
        return result;
    }

    /** See {@link io.kafila.dht.Announcer#announce}. */
    public CompletableFuture<Void> announce(Provider to, Collection<Multihash> keys) {
        return content.announce(to, keys);
    }

    /** See {@link io.kafila.libp2p.routing.ValueRouting#putValue}. */
    public CompletableFuture<Integer> putValue(byte[] key, byte[] value, Consumer<QueryEvent> events) {
        return values.put(key, value, events);
    }

    /** See {@link io.kafila.libp2p.routing.ValueRouting#searchValue}. */
    public CompletableFuture<Optional<byte[]>> searchValue(
            byte[] key, int quorum, Consumer<byte[]> better, Consumer<QueryEvent> events) {
        return values.search(key, quorum, better, events);
    }

    /** When the table was last refreshed, as a time of the loop; empty if it never was. */
    public Optional<Long> refreshedNanos() {
        return refreshed ? Optional.of(refreshedNanos) : Optional.empty();
    }

    public RoutingTable table() {
        return neighbours.table();
    }

    public Counters counters() {
        return counters;
    }

    public Records records() {
        return records;
    }

    /**
     * Looks for this node itself and for a point in each bucket, so that the table fills. The buckets of the k nearest are full of what the
     * first lookup finds.
     */
    public CompletableFuture<Void> refresh() {
        refreshed = true;
        refreshedNanos = loop.nanoTime();
        return lookup(network.self().bytes(), Query.UNWATCHED).thenComposeAsync(outcome -> refreshBucket(0), loop);
    }

    private CompletableFuture<Void> refreshBucket(int bucket) {
        if (bucket >= Math.min(table().bucketsBeyond(options.lookup().k()), MAX_REFRESHED_BUCKET)) {
            neighbours.onFilled();
            return CompletableFuture.completedFuture(null);
        }
        if (closed) {
            return CompletableFuture.completedFuture(null);
        }
        return lookup(nameInBucket(bucket), Query.UNWATCHED)
                .thenComposeAsync(outcome -> refreshBucket(bucket + 1), loop);
    }

    /** A name that lies in a bucket. Found by trying: peers hash the name themselves. */
    private byte[] nameInBucket(int bucket) {
        KadKey self = keyspace.keyOf(network.self());
        byte[] name = new byte[KadKey.BYTES];
        do {
            random.nextBytes(name);
        } while (self.commonPrefix(KadKey.hash(name)) != bucket);
        return name;
    }

    private void onPeerAdded() {
        if (!filling && table().size() <= FEW_PEERS) {
            filling = true;
            loop.schedule(FILL_DELAY_NANOS, () -> {
                filling = false;
                if (!closed) {
                    refresh();
                }
            });
        }
    }

    private void everyMinute() {
        if (closed) {
            return;
        }
        loop.schedule(MINUTE_NANOS, this::everyMinute);
        neighbours.checkSilent();
        records.sweep();
        if (table().size() > 0 && loop.nanoTime() - refreshedNanos >= options.refreshNanos()) {
            refresh();
        }
    }
}
