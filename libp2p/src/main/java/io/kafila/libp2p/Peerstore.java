package io.kafila.libp2p;

import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What is known of peers: addresses with an expiry, protocols, agent. Bounded per peer and in all. Thread-safe. */
public interface Peerstore {
    /** How long addresses of a peer that was connected are kept. */
    Duration RECENTLY_CONNECTED_TTL = Duration.ofMinutes(30);

    void addAddresses(PeerId peer, Collection<Multiaddr> addresses, Duration ttl);

    List<Multiaddr> addresses(PeerId peer);

    Optional<IdentifyInfo> info(PeerId peer);

    List<PeerId> peers();

    void remove(PeerId peer);
}
