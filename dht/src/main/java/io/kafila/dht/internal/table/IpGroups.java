package io.kafila.dht.internal.table;

import io.kafila.multiformats.Multiaddr;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The networks that addresses belong to, as far as one owner is likely to hold all of it: a /16 of IPv4, a /32 of IPv6, which
 * is what a registry hands to one provider (Go asks a table of autonomous systems there).
 */
final class IpGroups {
    private static final int IPV4_PREFIX_BYTES = 2;
    private static final int IPV6_PREFIX_BYTES = 4;

    /** The group of those that name no IP address, so that names do not get around the limits. */
    private static final int UNKNOWN = 0;

    private IpGroups() {}

    /** The groups of a peer, at least one. */
    static Set<Integer> of(List<Multiaddr> addresses) {
        Set<Integer> groups = new HashSet<>();
        for (Multiaddr address : addresses) {
            address.ipAddress().ifPresent(ip -> groups.add(group(ip)));
        }
        return groups.isEmpty() ? Set.of(UNKNOWN) : groups;
    }

    private static int group(InetAddress ip) {
        byte[] bytes = ip.getAddress();
        return Arrays.hashCode(Arrays.copyOf(bytes, bytes.length == 4 ? IPV4_PREFIX_BYTES : IPV6_PREFIX_BYTES));
    }
}
