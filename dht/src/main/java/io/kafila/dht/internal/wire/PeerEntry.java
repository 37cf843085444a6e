package io.kafila.dht.internal.wire;

import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import java.util.List;

/** A peer as messages tell of it. The type of connection that the wire also carries is advice that nobody follows. */
public record PeerEntry(PeerId peer, List<Multiaddr> addresses) {
    public PeerEntry {
        addresses = List.copyOf(addresses);
    }
}
