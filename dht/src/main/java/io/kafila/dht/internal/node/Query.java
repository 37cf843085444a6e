package io.kafila.dht.internal.node;

import io.kafila.dht.QueryEvent;
import io.kafila.dht.internal.Counter;
import io.kafila.dht.internal.Counters;
import io.kafila.dht.internal.key.Contact;
import io.kafila.dht.internal.key.IpGroups;
import io.kafila.dht.internal.key.KadKey;
import io.kafila.dht.internal.net.DhtLoop;
import io.kafila.dht.internal.net.DhtNetwork;
import io.kafila.dht.internal.query.Crowding;
import io.kafila.dht.internal.query.Lookup;
import io.kafila.dht.internal.wire.Message;
import io.kafila.dht.internal.wire.PeerEntry;
import io.kafila.libp2p.routing.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Drives one {@link Lookup} over the network. Confined to the loop. */
final class Query {

    /** Looks at the responses. */
    interface Responses {
        /** Answers whether the query has what it wants. */
        boolean onResponse(Contact from, Message response);
    }

    /** What came of a query: the nearest that answered, and what it took. */
    record Outcome(List<Contact> nearest, int asked, int hops) {}

    /** Nobody watches, so that nothing is made for anybody to see. */
    static final Consumer<QueryEvent> UNWATCHED = event -> {};

    private final DhtLoop loop;
    private final DhtNetwork network;
    private final Neighbours neighbours;
    private final KademliaOptions options;
    private final Counters counters;
    private final Message request;
    private final Consumer<QueryEvent> events;
    private final Responses responses;
    private final Lookup lookup;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private boolean timerSet;

    /** A query that is over when the k nearest have answered. */
    Query(Environment environment, KadKey target, Message request, Consumer<QueryEvent> events, Responses responses) {
        this(environment, target, request, events, responses, false);
    }

    /** A query for what is kept at a key; it asks more than the k nearest where somebody crowds around the key. */
    static Query ofContent(
            Environment environment, KadKey target, Message request, Consumer<QueryEvent> events, Responses responses) {
        return new Query(environment, target, request, events, responses, true);
    }

    private Query(
            Environment environment,
            KadKey target,
            Message request,
            Consumer<QueryEvent> events,
            Responses responses,
            boolean wide) {
        this.loop = environment.loop();
        this.network = environment.network();
        this.neighbours = environment.neighbours();
        this.options = environment.options();
        this.counters = environment.counters();
        this.request = request;
        this.events = events;
        this.responses = responses;
        int k = options.lookup().k();
        this.lookup = new Lookup(
                target,
                neighbours.table().closest(target, k),
                options.lookup(),
                wide ? neighbours.usualBits() : Crowding.UNKNOWN);
    }

    /** Whom all queries of a DHT share. */
    record Environment(
            DhtLoop loop, DhtNetwork network, Neighbours neighbours, KademliaOptions options, Counters counters) {}

    /** Begins. Cancelling the answer ends the query. */
    CompletableFuture<Outcome> start() {
        counters.add(Counter.QUERIES);
        outcome.whenComplete((done, error) -> loop.execute(lookup::stop));
        advance();
        return outcome;
    }

    /** Ends the query with what there is. */
    void stop() {
        lookup.stop();
        advance();
    }

    private void advance() {
        if (outcome.isDone()) {
            return;
        }
        for (Contact next = lookup.next(loop.nanoTime()); next != null; next = lookup.next(loop.nanoTime())) {
            ask(next);
        }
        if (lookup.isFinished()) {
            List<Contact> nearest = lookup.result();
            if (nearest.size() > options.lookup().k()) {
                counters.add(Counter.CROWDED_KEYS);
            }
            outcome.complete(new Outcome(nearest, lookup.asked(), lookup.hops()));
        } else {
            setTimer();
        }
    }

    private void setTimer() {
        long due = lookup.nextStallNanos();
        if (!timerSet && due != Long.MAX_VALUE) {
            timerSet = true;
            loop.schedule(Math.max(1, due - loop.nanoTime()), () -> {
                timerSet = false;
                advance();
            });
        }
    }

    private void ask(Contact contact) {
        counters.add(Counter.REQUESTS_SENT);
        if (isWatched()) {
            if (!network.isConnected(contact.peer())) {
                events.accept(QueryEvent.of(QueryEvent.Kind.DIALING_PEER, contact.peer()));
            }
            events.accept(QueryEvent.of(QueryEvent.Kind.SENDING_QUERY, contact.peer()));
        }
        network.request(contact.peer(), contact.addresses(), request, options.requestTimeoutNanos())
                .whenComplete((response, error) -> loop.execute(() -> {
                    if (error != null) {
                        onFailure(contact, error);
                    } else {
                        onResponse(contact, response);
                    }
                }));
    }

    private Set<Integer> groups(Contact contact) {
        return options.lookup().maxPerGroup() == Integer.MAX_VALUE
                ? Set.of()
                : IpGroups.ofConnections(network.remoteAddresses(contact.peer()));
    }

    private boolean isWatched() {
        return events != UNWATCHED;
    }

    private void onFailure(Contact contact, Throwable error) {
        counters.add(Counter.REQUESTS_FAILED);
        neighbours.onFailure(contact);
        if (!outcome.isDone()) {
            events.accept(QueryEvent.error(contact.peer(), Objects.requireNonNullElse(error.getMessage(), "failed")));
            lookup.onFailure(contact.peer());
            advance();
        }
    }

    private void onResponse(Contact contact, Message response) {
        neighbours.onAnswer(contact);
        if (outcome.isDone()) {
            return;
        }
        List<PeerEntry> closer = response.closerPeers();
        if (isWatched()) {
            events.accept(QueryEvent.of(
                    QueryEvent.Kind.PEER_RESPONSE,
                    contact.peer(),
                    closer.stream()
                            .map(each -> new Provider(each.peer(), each.addresses()))
                            .toList()));
        }
        List<Contact> heard = new ArrayList<>(closer.size());
        for (PeerEntry each : closer) {
            Contact named = neighbours.contact(each);
            if (named != null) {
                heard.add(named);
            }
        }
        if (!lookup.onSuccess(contact.peer(), groups(contact), heard)) {
            counters.add(Counter.ANSWERS_OF_FULL_GROUP_IGNORED);
        }
        if (responses.onResponse(contact, response)) {
            lookup.stop();
        }
        advance();
    }
}
