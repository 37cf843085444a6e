package io.kafila.dht.internal.node;

import io.kafila.dht.internal.Counter;
import io.kafila.dht.internal.Counters;
import io.kafila.dht.internal.key.Contact;
import io.kafila.dht.internal.key.KadKey;
import io.kafila.dht.internal.key.Keyspace;
import io.kafila.dht.internal.net.DhtLoop;
import io.kafila.dht.internal.net.DhtNetwork;
import io.kafila.dht.internal.query.Crowding;
import io.kafila.dht.internal.table.RoutingTable;
import io.kafila.dht.internal.wire.Message;
import io.kafila.dht.internal.wire.PeerEntry;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The routing table and what keeps it true: candidates are asked before they come in, members when they have been silent,
 * and whoever fails goes out. Confined to the loop.
 */
final class Neighbours {
    /** How many peers are being checked at once; further ones are dropped and come again. */
    static final int MAX_CHECKS = 64;

    private static final int CHECKS_PER_MINUTE = 16;

    private final DhtLoop loop;
    private final DhtNetwork network;
    private final Keyspace keyspace;
    private final KademliaOptions options;
    private final Counters counters;
    private final KadKey self;
    private final RoutingTable table;
    private final Runnable onAdded;
    private final Set<PeerId> checking = new HashSet<>();
    private final LostPeers lost = new LostPeers();
    private boolean filled;

    /** @param onAdded told of each peer that came into the table */
    Neighbours(
            DhtLoop loop,
            DhtNetwork network,
            Keyspace keyspace,
            KademliaOptions options,
            Counters counters,
            Runnable onAdded) {
        this.loop = loop;
        this.network = network;
        this.keyspace = keyspace;
        this.options = options;
        this.counters = counters;
        this.self = keyspace.keyOf(network.self());
        this.table = new RoutingTable(self, options.table());
        this.onAdded = onAdded;
    }

    /** From now on the table tells how many servers there are: it has been filled once. */
    void onFilled() {
        filled = true;
    }

    /** How many leading bits the k-th nearest server of a key usually shares with it, as far as is known; see {@link Crowding#UNKNOWN}. */
    int usualBits() {
        return filled ? table.bitsOfNearest() : Crowding.UNKNOWN;
    }

    RoutingTable table() {
        return table;
    }

    /** The peer as one of this network; {@code null} if it is this node itself or has no address here. */
    @Nullable
    Contact contact(PeerId peer, Collection<Multiaddr> addresses) {
        if (peer.equals(network.self())) {
            return null;
        }
        List<Multiaddr> usable = usable(addresses);
        return usable.isEmpty() ? null : keyspace.contact(peer, usable);
    }

    /** Those of this network. No stream and no copy where all are: this is done for each peer of each response. */
    private List<Multiaddr> usable(Collection<Multiaddr> addresses) {
        int usable = 0;
        for (Multiaddr address : addresses) {
            if (options.addresses().test(address)) {
                usable++;
            }
        }
        if (usable == addresses.size()) {
            return List.copyOf(addresses);
        }
        List<Multiaddr> kept = new ArrayList<>(usable);
        for (Multiaddr address : addresses) {
            if (options.addresses().test(address)) {
                kept.add(address);
            }
        }
        return kept;
    }

    /** Where a peer lies. */
    KadKey key(PeerId peer) {
        return keyspace.keyOf(peer);
    }

    @Nullable
    Contact contact(PeerEntry entry) {
        return contact(entry.peer(), entry.addresses());
    }

    /** A peer says that it is a server. */
    void onServer(PeerId peer, Collection<Multiaddr> addresses) {
        Contact contact = contact(peer, addresses);
        if (contact == null) {
            return;
        }
        if (table.contains(contact)) {
            table.update(contact);
        } else if (table.hasRoomFor(contact)) {
            check(contact);
        }
    }

    /** A peer says that it is no server any more. */
    void onNoServer(PeerId peer) {
        remove(peer, keyspace.keyOf(peer));
    }

    void onAnswer(Contact contact) {
        lost.remove(contact.peer());
        switch (table.offer(contact, loop.nanoTime())) {
            case ADDED -> {
                network.value(contact.peer(), true);
                onAdded.run();
            }
            case WAITING -> {
                Contact rival = table.rivalOf(contact, loop.nanoTime());
                if (rival != null) {
                    check(rival);
                }
            }
            case TOO_MANY_OF_GROUP -> counters.add(Counter.PEERS_OF_FULL_GROUP_REFUSED);
            case KNOWN -> {
                // it is where it was
            }
        }
    }

    void onFailure(Contact contact) {
        counters.add(Counter.PEERS_THAT_DID_NOT_ANSWER);
        if (!contact.key().equals(self) && table.contains(contact)) {
            lost.add(contact);
        }
        remove(contact.peer(), contact.key());
    }

    /** Asks those that have been silent, and one that was lost; to be called every minute. */
    void checkSilent() {
        table.dueForCheck(loop.nanoTime(), CHECKS_PER_MINUTE).forEach(this::check);
        Contact again = lost.next();
        if (again != null) {
            check(again);
        }
    }

    /** Asks a peer for what is near this node: if it answers, it is a server. */
    void check(Contact contact) {
        if (checking.contains(contact.peer())) {
            return;
        }
        if (checking.size() >= MAX_CHECKS) {
            counters.add(Counter.CHECKS_DROPPED);
            return;
        }
        checking.add(contact.peer());
        counters.add(Counter.REQUESTS_SENT);
        Message question = Message.findNode(network.self().bytes());
        network.request(contact.peer(), contact.addresses(), question, options.requestTimeoutNanos())
                .whenComplete((answer, error) -> loop.execute(() -> {
                    checking.remove(contact.peer());
                    if (error == null) {
                        onAnswer(contact);
                    } else {
                        counters.add(Counter.REQUESTS_FAILED);
                        onFailure(contact);
                    }
                }));
    }

    private void remove(PeerId peer, KadKey key) {
        if (key.equals(self)) {
            return;
        }
        network.value(peer, false);
        Contact successor = table.remove(peer, key);
        if (successor != null) {
            check(successor);
        }
    }
}
