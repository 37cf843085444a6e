package io.kafila.libp2p;

import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import java.util.List;

/**
 * The allow and deny lists. Denied address ranges and peers are neither dialed nor accepted; an allowed entry wins over a
 * denied one. Ranges are multiaddrs such as {@code /ip4/10.0.0.0/ipcidr/8}, as in Kubo's {@code Swarm.AddrFilters}.
 * Thread-safe; changes hold for new connections.
 */
public interface ConnectionFilter {
    void denyAddress(Multiaddr range);

    void undenyAddress(Multiaddr range);

    List<Multiaddr> deniedAddresses();

    void allowAddress(Multiaddr range);

    void denyPeer(PeerId peer);

    void undenyPeer(PeerId peer);

    void allowPeer(PeerId peer);

    boolean permits(PeerId peer);

    boolean permits(Multiaddr address);
}
