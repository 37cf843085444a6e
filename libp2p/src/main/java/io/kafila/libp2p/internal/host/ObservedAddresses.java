package io.kafila.libp2p.internal.host;

import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Under which addresses peers see this host, with who said so; bounded, the oldest go first. Thread-safe. */
final class ObservedAddresses {
    static final int MAX_ADDRESSES = 64;
    static final int MAX_OBSERVERS = 16;

    private final Map<Multiaddr, Set<PeerId>> observers = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Multiaddr, Set<PeerId>> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    synchronized void add(PeerId observer, List<Multiaddr> addresses) {
        for (Multiaddr address : addresses) {
            Set<PeerId> of = observers.computeIfAbsent(address, key -> new HashSet<>());
            if (of.size() < MAX_OBSERVERS) {
                of.add(observer);
            }
        }
    }

    /** How many peers have seen this host under each address. */
    synchronized Map<Multiaddr, Integer> counts() {
        Map<Multiaddr, Integer> counts = new LinkedHashMap<>();
        observers.forEach((address, of) -> counts.put(address, of.size()));
        return counts;
    }
}
