package io.kafila.dht.internal.key;

import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import java.util.List;

/** A peer, where it lies in the keyspace, and where it can be dialed. Immutable. */
public record Contact(PeerId peer, KadKey key, List<Multiaddr> addresses) {
    public Contact {
        addresses = List.copyOf(addresses);
    }

    public Provider toProvider() {
        return new Provider(peer, addresses);
    }
}
