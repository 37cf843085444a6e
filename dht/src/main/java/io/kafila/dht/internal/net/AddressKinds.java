package io.kafila.dht.internal.net;

import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.Protocol;
import java.net.InetAddress;

/** Which addresses are of which network, as go-libp2p-kad-dht's dual DHT decides. Stateless. */
public final class AddressKinds {
    private AddressKinds() {}

    /** An address that the whole internet can dial: a public one, or a name. */
    public static boolean isPublic(Multiaddr address) {
        InetAddress ip = address.ipAddress().orElse(null);
        if (ip == null) {
            return isName(address);
        }
        return !address.isPrivate() && !ip.isAnyLocalAddress() && !ip.isMulticastAddress();
    }

    /** An address that is worth telling in a local network: all but loopback. */
    public static boolean isOfLan(Multiaddr address) {
        return !address.isLoopback();
    }

    /** Whether a connection with this remote end runs within a local network or the machine. */
    public static boolean isLocalConnection(Multiaddr remote) {
        return remote.isPrivate() || (remote.ipAddress().isEmpty() && !isName(remote));
    }

    private static boolean isName(Multiaddr address) {
        return address.has(Protocol.DNS)
                || address.has(Protocol.DNS4)
                || address.has(Protocol.DNS6)
                || address.has(Protocol.DNSADDR);
    }
}
