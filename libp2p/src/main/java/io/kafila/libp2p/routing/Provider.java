package io.kafila.libp2p.routing;

import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import java.util.List;

/** A peer that says it has a block, and where it can be dialed. */
public record Provider(PeerId peer, List<Multiaddr> addresses) {
    public Provider {
        addresses = List.copyOf(addresses);
    }
}
