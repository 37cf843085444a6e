package io.kafila.dht.internal.net;

import io.kafila.dht.internal.wire.Message;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * How one DHT of a node reaches others: over the streams of a host, or through the virtual links of a simulation. Calls do not
 * block; futures may complete in any thread.
 */
public interface DhtNetwork {

    PeerId self();

    /** What this node tells others to dial it by; already filtered for this DHT. */
    List<Multiaddr> ownAddresses();

    /** What is known of where to dial a peer, apart from what the caller knows. */
    List<Multiaddr> knownAddresses(PeerId peer);

    boolean isConnected(PeerId peer);

    /** Where the connections with a peer really end, whatever the peer says of itself; none where that is not known. */
    default List<Multiaddr> remoteAddresses(PeerId peer) {
        return List.of();
    }

    /**
     * Sends a request and answers its response. Dials if need be.
     *
     * @param addresses where the peer may be, besides those that are known
     * @return fails if the peer cannot be dialed, does not speak the protocol, or has not answered within {@code timeoutNanos}
     */
    CompletableFuture<Message> request(PeerId peer, List<Multiaddr> addresses, Message request, long timeoutNanos);

    /**
     * Sends messages that have no response, all on one stream, in their order.
     *
     * @return completes when they have left for the wire
     */
    CompletableFuture<Void> send(PeerId peer, List<Multiaddr> addresses, List<Message> messages, long timeoutNanos);

    /** Says whether this peer is of the routing table, so that its connections are worth more than others'. */
    default void value(PeerId peer, boolean inTable) {}
}
