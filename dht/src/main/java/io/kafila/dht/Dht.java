package io.kafila.dht;

import io.kafila.dht.internal.DualDht;
import io.kafila.libp2p.Host;
import io.kafila.libp2p.routing.ContentRouting;
import io.kafila.libp2p.routing.PeerRouting;
import io.kafila.libp2p.routing.Provider;
import io.kafila.libp2p.routing.ValueRouting;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.PeerId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The DHTs of a node: the public one and that of its local network, side by side as in Go. What is looked for is looked for
 * in both; what is told is told to the public one if any of its servers is known, else to the local one.
 *
 * <p>Thread-safe. Futures complete on threads of the DHT; what hangs on them must not block. Cancelling one ends its query.
 */
public interface Dht extends ContentRouting, PeerRouting, ValueRouting, Announcer, AutoCloseable {
    /** The public DHT. */
    String WAN_PROTOCOL = "/ipfs/kad/1.0.0";

    /** The DHT of a local network. */
    String LAN_PROTOCOL = "/ipfs/lan/kad/1.0.0";

    /** Joins both DHTs over the streams of a host, which outlives the answer. */
    static Dht start(Host host, DhtOptions options) {
        return DualDht.start(host, options);
    }

    /** As {@link #findProviders(Cid, int, Consumer)}, watched. */
    CompletableFuture<Void> findProviders(
            Multihash content, int limit, Consumer<Provider> found, Consumer<QueryEvent> events);

    @Override
    default CompletableFuture<Void> findProviders(Cid cid, int limit, Consumer<Provider> found) {
        return findProviders(cid.multihash(), limit, found, event -> {});
    }

    CompletableFuture<Optional<Provider>> findPeer(PeerId peer, Consumer<QueryEvent> events);

    @Override
    default CompletableFuture<Optional<Provider>> findPeer(PeerId peer) {
        return findPeer(peer, event -> {});
    }

    /** The k servers nearest to where {@code name} lies, watched. */
    CompletableFuture<List<Provider>> closestPeers(byte[] name, Consumer<QueryEvent> events);

    /**
     * Tells the k servers nearest to the content that this node provides it.
     *
     * @return how many were told; fails with a {@link DhtException} if nobody was
     */
    CompletableFuture<Integer> provide(Multihash content, Consumer<QueryEvent> events);

    CompletableFuture<Integer> putValue(byte[] key, byte[] value, Consumer<QueryEvent> events);

    @Override
    default CompletableFuture<Integer> putValue(byte[] key, byte[] value) {
        return putValue(key, value, event -> {});
    }

    CompletableFuture<Optional<byte[]>> searchValue(
            byte[] key, int quorum, Consumer<byte[]> better, Consumer<QueryEvent> events);

    @Override
    default CompletableFuture<Optional<byte[]>> searchValue(byte[] key, int quorum, Consumer<byte[]> better) {
        return searchValue(key, quorum, better, event -> {});
    }

    /** The routing tables, the public one first. */
    CompletableFuture<List<DhtTable>> tables();

    /** What was counted, by network and name: {@code wan malformed-messages}. */
    Map<String, Long> eventCounts();

    /** Stops answering, keeps the tables for the next start, and ends what is under way. Blocks briefly. Idempotent. */
    @Override
    void close();
}
