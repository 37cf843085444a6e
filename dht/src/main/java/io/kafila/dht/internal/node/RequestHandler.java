package io.kafila.dht.internal.node;

import io.kafila.dht.internal.Counter;
import io.kafila.dht.internal.Counters;
import io.kafila.dht.internal.key.Contact;
import io.kafila.dht.internal.key.KadKey;
import io.kafila.dht.internal.net.DhtNetwork;
import io.kafila.dht.internal.records.Records;
import io.kafila.dht.internal.wire.Message;
import io.kafila.dht.internal.wire.MessageType;
import io.kafila.dht.internal.wire.PeerEntry;
import io.kafila.dht.internal.wire.ValueRecord;
import io.kafila.dht.internal.wire.WireException;
import io.kafila.dht.internal.wire.WireLimits;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.PeerId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Answers what others ask (ipfs/specs kad-dht.md, RPC messages). Called in the loop; futures complete in any thread, empty where there
 * is no response, and fail where the request is refused, which is counted and costs the peer its stream.
 */
final class RequestHandler {
    private final DhtNetwork network;
    private final Neighbours neighbours;
    private final KademliaOptions options;
    private final Records records;
    private final Counters counters;

    RequestHandler(
            DhtNetwork network, Neighbours neighbours, KademliaOptions options, Records records, Counters counters) {
        this.network = network;
        this.neighbours = neighbours;
        this.options = options;
        this.records = records;
        this.counters = counters;
    }

    CompletableFuture<Optional<Message>> handle(PeerId from, Message request) {
        counters.add(Counter.REQUESTS_ANSWERED);
        byte[] key = request.key();
        if (key.length == 0 && request.type() != MessageType.PING) {
            return refuse(Counter.EMPTY_OR_LONG_KEYS, request.type() + " without a key");
        }
        return switch (request.type()) {
            case FIND_NODE -> answer(Message.closer(closestWithTarget(key, from)));
            case GET_PROVIDERS -> providers(key, from);
            case ADD_PROVIDER -> addProvider(from, request);
            case GET_VALUE -> value(key, from);
            case PUT_VALUE -> putValue(request);
            case PING -> answer(request);
        };
    }

    private List<PeerEntry> closest(byte[] key, PeerId from) {
        KadKey target = KadKey.hash(key);
        int k = options.lookup().k();
        List<PeerEntry> closest = new ArrayList<>(k + 1);
        for (Contact contact : neighbours.table().closest(target, k, neighbours.key(from))) {
            closest.add(new PeerEntry(contact.peer(), contact.addresses()));
        }
        return closest;
    }

    /** The nearest, and the peer itself whose name the key is, be it a server or not: so its addresses can be found. */
    private List<PeerEntry> closestWithTarget(byte[] key, PeerId from) {
        List<PeerEntry> closest = closest(key, from);
        if (!mayBePeer(key)) {
            return closest;
        }
        PeerId target;
        try {
            target = PeerId.decode(key);
        } catch (MultiformatException contentOrRandom) {
            return closest;
        }
        if (!closest.isEmpty() && closest.get(0).peer().equals(target)) {
            return closest;
        }
        List<Multiaddr> addresses = (target.equals(network.self())
                        ? network.ownAddresses()
                        : network.knownAddresses(target))
                .stream()
                        .filter(options.addresses())
                        .limit(WireLimits.MAX_ADDRESSES)
                        .toList();
        if (!addresses.isEmpty()) {
            closest.add(0, new PeerEntry(target, addresses));
        }
        return closest;
    }

    /** Whether the key begins as a PeerId does. Most keys are none, and an exception for each costs more than all the rest of the answer. */
    private static boolean mayBePeer(byte[] key) {
        return key[0] == HashFunction.IDENTITY.code() || key[0] == HashFunction.SHA2_256.code();
    }

    private CompletableFuture<Optional<Message>> providers(byte[] key, PeerId from) {
        if (key.length > WireLimits.MAX_PROVIDER_KEY_BYTES) {
            return refuse(
                    Counter.EMPTY_OR_LONG_KEYS,
                    "GET_PROVIDERS with a key of " + key.length + " bytes, want at most "
                            + WireLimits.MAX_PROVIDER_KEY_BYTES);
        }
        List<PeerEntry> closest = closest(key, from);
        return records.providers(key)
                .thenApply(providers ->
                        Optional.of(new Message(MessageType.GET_PROVIDERS, key, null, closest, providers)));
    }

    private CompletableFuture<Optional<Message>> addProvider(PeerId from, Message request) {
        byte[] key = request.key();
        if (key.length > WireLimits.MAX_PROVIDER_KEY_BYTES) {
            return refuse(
                    Counter.EMPTY_OR_LONG_KEYS,
                    "ADD_PROVIDER with a key of " + key.length + " bytes, want at most "
                            + WireLimits.MAX_PROVIDER_KEY_BYTES);
        }
        for (PeerEntry provider : request.providerPeers()) {
            if (provider.peer().equals(from) && !provider.addresses().isEmpty()) {
                List<Multiaddr> usable = provider.addresses().stream()
                        .filter(options.addresses())
                        .toList();
                return records.addProvider(key, new PeerEntry(from, usable)).thenApply(taken -> Optional.empty());
            }
        }
        return refuse(
                Counter.FOREIGN_PROVIDERS_REFUSED,
                "ADD_PROVIDER of " + request.providerPeers().size() + " providers, want the sender with an address");
    }

    private CompletableFuture<Optional<Message>> value(byte[] key, PeerId from) {
        List<PeerEntry> closest = closest(key, from);
        return records.value(key)
                .thenApply(found ->
                        Optional.of(new Message(MessageType.GET_VALUE, key, found.orElse(null), closest, List.of())));
    }

    private CompletableFuture<Optional<Message>> putValue(Message request) {
        ValueRecord record = request.record();
        if (record == null || !Arrays.equals(request.key(), record.key())) {
            return refuse(Counter.INVALID_VALUES_REFUSED, "PUT_VALUE without a record of its key");
        }
        return records.putValue(record.key(), record.value()).thenApply(done -> Optional.of(request));
    }

    private static CompletableFuture<Optional<Message>> answer(Message response) {
        return CompletableFuture.completedFuture(Optional.of(response));
    }

    private CompletableFuture<Optional<Message>> refuse(Counter counter, String why) {
        counters.add(counter);
        return CompletableFuture.failedFuture(new WireException(why));
    }
}
