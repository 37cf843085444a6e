package io.kafila.delegated;

import io.kafila.multiformats.Multiaddr;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which records of peers are wanted, and which of their addresses (IPIP-484). Immutable.
 *
 * @param addresses names of protocols, one of which an address must have; with {@code !} before it, which it must not have;
 *     {@code unknown} keeps peers without addresses. All pass where there are none
 * @param protocols one of which a peer must speak; {@code unknown} keeps peers of which none is known. All pass where there
 *     are none
 */
public record RoutingFilter(Set<String> addresses, Set<String> protocols) {
    /** The most names in one list that are taken from a query. */
    public static final int MAX_NAMES = 64;

    /** Lets everything pass. */
    public static final RoutingFilter NONE = new RoutingFilter(Set.of(), Set.of());

    /** Peers that speak Bitswap, or of which it is not known. */
    public static final RoutingFilter BITSWAP = new RoutingFilter(Set.of(), Set.of("unknown", "transport-bitswap"));

    private static final String UNKNOWN = "unknown";

    public RoutingFilter {
        addresses = Set.copyOf(addresses);
        protocols = Set.copyOf(protocols);
    }

    /**
     * The filter of two parameters of a query, each a list with commas between, or absent.
     *
     * @throws IllegalArgumentException if one has more than {@link #MAX_NAMES} names
     */
    public static RoutingFilter parse(@Nullable String filterAddrs, @Nullable String filterProtocols) {
        return new RoutingFilter(names("filter-addrs", filterAddrs), names("filter-protocols", filterProtocols));
    }

    private static Set<String> names(String parameter, @Nullable String list) {
        if (list == null || list.isEmpty()) {
            return Set.of();
        }
        String[] names = list.toLowerCase(Locale.ROOT).split(",", -1);
        if (names.length > MAX_NAMES) {
            throw new IllegalArgumentException(parameter + ": " + names.length + " names, want at most " + MAX_NAMES);
        }
        return Arrays.stream(names).filter(name -> !name.isEmpty()).collect(Collectors.toSet());
    }

    /** The query of a request, empty where everything passes. Names are sorted, so that caches see one address. */
    public String query() {
        String byAddress = addresses.isEmpty() ? "" : "filter-addrs=" + String.join(",", new TreeSet<>(addresses));
        String byProtocol = protocols.isEmpty() ? "" : "filter-protocols=" + String.join(",", new TreeSet<>(protocols));
        return byAddress + (byAddress.isEmpty() || byProtocol.isEmpty() ? "" : "&") + byProtocol;
    }

    /** The record with the addresses that are wanted; empty where it is not wanted. */
    public Optional<PeerRecord> apply(PeerRecord record) {
        if (!speaks(record)) {
            return Optional.empty();
        }
        if (addresses.isEmpty() || (record.addresses().isEmpty() && addresses.contains(UNKNOWN))) {
            return Optional.of(record);
        }
        List<Multiaddr> wanted =
                record.addresses().stream().filter(this::isWanted).toList();
        return wanted.isEmpty()
                ? Optional.empty()
                : Optional.of(new PeerRecord(record.peer(), wanted, record.protocols()));
    }

    private boolean speaks(PeerRecord record) {
        return protocols.isEmpty()
                || (record.protocols().isEmpty() && protocols.contains(UNKNOWN))
                || record.protocols().stream()
                        .anyMatch(protocol -> protocols.contains(protocol.toLowerCase(Locale.ROOT)));
    }

    private boolean isWanted(Multiaddr address) {
        Set<String> has = address.components().stream()
                .map(component -> component.protocol().specName())
                .collect(Collectors.toSet());
        boolean anyWanted = false;
        boolean found = false;
        for (String name : addresses) {
            if (name.startsWith("!")) {
                if (has.contains(name.substring(1))) {
                    return false;
                }
            } else {
                anyWanted = true;
                found |= has.contains(name);
            }
        }
        return found || !anyWanted;
    }
}
