package io.kafila.libp2p;

import io.kafila.multiformats.Multiaddr;
import java.util.List;

/** What a peer says of itself (libp2p/specs identify). Lists are bounded by the decoder. */
public record IdentifyInfo(
        String agentVersion,
        String protocolVersion,
        List<Multiaddr> listenAddresses,
        List<String> protocols,
        List<Multiaddr> observedAddresses) {
    public IdentifyInfo {
        listenAddresses = List.copyOf(listenAddresses);
        protocols = List.copyOf(protocols);
        observedAddresses = List.copyOf(observedAddresses);
    }
}
