package io.kafila.libp2p;

import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.PublicKey;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A peer of the network: it listens, dials and speaks protocols over streams.
 *
 * <p>Thread-safe. Futures complete on an event loop; what hangs on them must not block. {@link #close} stops listening,
 * closes all connections and gives back the threads; it is idempotent.
 */
public interface Host extends AutoCloseable {

    PeerId peerId();

    PublicKey publicKey();

    /** The addresses that the host is bound to, with real ports, wildcards not expanded. */
    List<Multiaddr> listenAddresses();

    /** The addresses that the host announces, without {@code /p2p}: wildcards expanded, announce settings applied. */
    List<Multiaddr> addresses();

    /** Serves a protocol. At most one handler per id; a second one replaces the first. */
    void handle(String protocol, StreamHandler handler);

    void unhandle(String protocol);

    /** The ids that identify announces. */
    Set<String> protocols();

    /**
     * The oldest open connection to a peer, dialing the given and all known addresses if there is none. Calls for one
     * peer share one attempt.
     *
     * @throws DialException (in the future) naming every address that was tried and what it answered
     */
    CompletableFuture<Connection> connect(PeerId peer, Collection<Multiaddr> addresses);

    /** Opens a stream with the first protocol of {@code protocols} that the peer speaks; dials if need be. */
    CompletableFuture<Stream> newStream(PeerId peer, List<String> protocols);

    /** Closes all connections to a peer. */
    CompletableFuture<Void> disconnect(PeerId peer);

    List<Connection> connections();

    List<Connection> connections(PeerId peer);

    /** Round-trip time of one ping. */
    CompletableFuture<Duration> ping(PeerId peer);

    Peerstore peerstore();

    ConnectionManager connectionManager();

    ConnectionFilter connectionFilter();

    ResourceManager resources();

    /** Bytes that crossed the wire since the start, by peer and by protocol. */
    BandwidthCounter bandwidth();

    /**
     * How often what happened that is not worth a log line, by name: connections refused or trimmed, handshakes that failed, rules
     * of a protocol that a peer broke.
     */
    default Map<String, Long> eventCounts() {
        return Map.of();
    }

    /** Told of connections, in an event loop; must not block. */
    void addListener(ConnectionListener listener);

    void removeListener(ConnectionListener listener);

    @Override
    void close();
}
