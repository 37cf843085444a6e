package io.kafila.libp2p.internal.host;

import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.Protocol;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What a host announces: its listening addresses with wildcards expanded, or what was configured in their stead, plus what was
 * configured besides, without what must not be announced; Kubo's {@code Addresses.Announce}, {@code AppendAnnounce} and
 * {@code NoAnnounce}. Immutable.
 */
final class AnnouncedAddresses {
    private final List<Multiaddr> instead;
    private final List<Multiaddr> besides;
    private final Predicate<Multiaddr> excluded;
    private final Supplier<List<InetAddress>> interfaces;

    /** @param interfaces the addresses of this machine, asked each time */
    AnnouncedAddresses(
            List<Multiaddr> instead,
            List<Multiaddr> besides,
            Predicate<Multiaddr> excluded,
            Supplier<List<InetAddress>> interfaces) {
        this.instead = List.copyOf(instead);
        this.besides = List.copyOf(besides);
        this.excluded = excluded;
        this.interfaces = interfaces;
    }

    List<Multiaddr> of(Collection<Multiaddr> listening) {
        Set<Multiaddr> announced = new LinkedHashSet<>();
        if (instead.isEmpty()) {
            listening.forEach(address -> announced.addAll(expanded(address)));
        } else {
            announced.addAll(instead);
        }
        announced.addAll(besides);
        announced.removeIf(excluded);
        return List.copyOf(announced);
    }

    /** The address for each interface if it stands for all of them, else itself. */
    List<Multiaddr> expanded(Multiaddr address) {
        InetAddress bound = address.ipAddress().orElse(null);
        if (bound == null || !bound.isAnyLocalAddress()) {
            return List.of(address);
        }
        boolean four = bound instanceof Inet4Address;
        List<Multiaddr> all = new ArrayList<>();
        for (InetAddress each : interfaces.get()) {
            boolean linkLocal = each.isLinkLocalAddress(); // meaningless without a zone, and for nobody but neighbours
            if (!linkLocal && (four ? each instanceof Inet4Address : each instanceof Inet6Address)) {
                all.add(withHost(address, each, four));
            }
        }
        return all;
    }

    private static Multiaddr withHost(Multiaddr address, InetAddress host, boolean four) {
        String text = host.getHostAddress();
        int zone = text.indexOf('%');
        List<Multiaddr.Component> components = new ArrayList<>(address.components());
        components.set(
                0,
                Multiaddr.Component.of(four ? Protocol.IP4 : Protocol.IP6, zone < 0 ? text : text.substring(0, zone)));
        return Multiaddr.of(components);
    }
}
