package io.kafila.dht;

import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.Multihash;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The two halves of providing, apart, so that one lookup can serve many keys of a region: who is near a point of the keyspace,
 * and telling one of them of several keys. Thread-safe.
 */
public interface Announcer {

    /**
     * The k servers nearest to where {@code name} lies, nearest first, with their addresses; only such as have answered. More than k
     * where somebody has put servers of his own there.
     *
     * @param name the bytes of a multihash or of a PeerId; its sha2-256 is the point
     */
    CompletableFuture<List<Provider>> closestPeers(byte[] name);

    /**
     * How many leading bits the k-th nearest server of a key usually shares with it, by an estimate of how many servers there are;
     * 256 while that is not known.
     */
    default int usualBits() {
        return 256;
    }

    /**
     * Tells a peer that this node provides the keys: one ADD_PROVIDER for each, all on one stream. There is no answer, so
     * completing says only that they left for the wire.
     */
    CompletableFuture<Void> announce(Provider to, Collection<Multihash> keys);
}
