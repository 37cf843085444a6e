package io.kafila.dht.internal.net;

import io.kafila.multiformats.Multiaddr;
import java.util.Collection;

/**
 * Whether others on the internet can dial this node: it announces a public address, and someone with a public address has dialed
 * it. Confined to one thread.
 */
public final class Reachability {
    private boolean wasDialed;

    /** A peer has dialed this node. */
    public void onInbound(Multiaddr remote) {
        wasDialed |= remote.ipAddress().isPresent() && AddressKinds.isPublic(remote);
    }

    public boolean isPublic(Collection<Multiaddr> announced) {
        boolean any = announced.stream().anyMatch(AddressKinds::isPublic);
        wasDialed &= any; // moved behind a router: what was seen before says nothing of now
        return any && wasDialed;
    }
}
