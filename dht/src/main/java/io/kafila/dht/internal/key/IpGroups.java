package io.kafila.dht.internal.key;

import io.kafila.multiformats.Multiaddr;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The networks that addresses belong to, as far as one owner is likely to hold all of it: a /16 of IPv4, a /32 of IPv6, which
 * is what a registry hands to one provider (Go asks a table of autonomous systems there).
 */
public final class IpGroups {
    private static final int IPV4_PREFIX_BYTES = 2;
    private static final int IPV6_PREFIX_BYTES = 4;

    /** The group of those that name no IP address, so that names do not get around the limits. */
    private static final int UNKNOWN = 0;

    private IpGroups() {}

    /**
     * The groups of the ends of connections, which nobody can make up; none for those of this machine or of a local network: there
     * everybody is of one group.
     */
    public static Set<Integer> ofConnections(List<Multiaddr> ends) {
        Set<Integer> groups = new HashSet<>();
        for (Multiaddr end : ends) {
            if (!end.isPrivate()) {
                end.ipAddress().ifPresent(ip -> groups.add(group(ip)));
            }
        }
        return groups;
    }

    /** The groups of what a peer says of itself, at least one. */
    public static Set<Integer> of(List<Multiaddr> addresses) {
        if (addresses.size() == 1) {
            return Set.of(addresses.get(0).ipAddress().map(IpGroups::group).orElse(UNKNOWN));
        }
        Set<Integer> groups = new HashSet<>();
        for (Multiaddr address : addresses) {
            address.ipAddress().ifPresent(ip -> groups.add(group(ip)));
        }
        return groups.isEmpty() ? Set.of(UNKNOWN) : groups;
    }

    private static int group(InetAddress ip) {
        byte[] bytes = ip.getAddress();
        int prefix = bytes.length == 4 ? IPV4_PREFIX_BYTES : IPV6_PREFIX_BYTES;
        int group = bytes.length;
        for (int i = 0; i < prefix; i++) {
            group = 31 * group + bytes[i];
        }
        return group;
    }
}
