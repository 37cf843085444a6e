package io.kafila.dht.internal.provide;

import io.kafila.dht.internal.key.KadKey;
import io.kafila.dht.internal.key.Keyspace;
import io.kafila.dht.internal.query.Crowding;
import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.PeerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Learns all servers of a region around a key: the smallest one that holds at least k of them. For each key of such a region the
 * k nearest servers are among those, for whoever is outside differs from the key in an earlier bit.
 *
 * <p>A lookup answers the k nearest servers of its target. If the farthest of them shares l bits with the target, every server
 * that shares l + 1 bits has been heard of: the lookup has covered that region. Covered regions are joined, with more lookups in
 * the gaps, until one holds k servers; two lookups do in most cases. Confined to one thread.
 */
final class RegionExploration {
    /** One exploration asks no more often; what it knows then has to do. */
    static final int MAX_LOOKUPS = 16;

    /** Names are drawn until one lies in a gap without a known server, for gaps of up to about 20 bits. */
    private static final int MAX_DRAWS = 1 << 22;

    private static final int NAME_BYTES = 32;

    private record Server(KadKey at, Provider provider) {}

    private final byte[] name;
    private final KadKey origin;
    private final int k;
    private final IntSupplier usualBits;
    private final Keyspace keyspace;
    private final RandomGenerator random;
    private final Map<PeerId, Server> servers = new LinkedHashMap<>();
    private final List<Region> covered = new ArrayList<>();
    private int lookups;
    private @Nullable KadKey asked;
    private @Nullable Region region;

    /**
     * @param name of the key to start from
     * @param usualBits see {@link io.kafila.dht.Announcer#usualBits}; the region has no more
     */
    RegionExploration(byte[] name, int k, IntSupplier usualBits, Keyspace keyspace, RandomGenerator random) {
        this.name = name;
        this.origin = KadKey.hash(name);
        this.k = k;
        this.usualBits = usualBits;
        this.keyspace = keyspace;
        this.random = random;
    }

    /** What to look up next; {@code null} once the region is known. One lookup at a time. */
    byte @Nullable [] next() {
        if (region != null) {
            return null;
        }
        if (lookups == 0) {
            return ask(name);
        }
        Region known = coveredAround(origin);
        while (known.bits() > 0 && isTooSmall(known) && lookups < MAX_LOOKUPS) {
            Region wider = known.parent();
            Region gap = gap(wider);
            if (gap == null) {
                known = wider;
                continue;
            }
            byte[] target = nameIn(gap);
            if (target == null) {
                break;
            }
            return ask(target);
        }
        region = known;
        return null;
    }

    /** A region deeper than usual that holds k servers holds those of somebody who has put them there, and who else is not told. */
    private boolean isTooSmall(Region known) {
        return known.bits() > usualBits.getAsInt() || count(known) < k;
    }

    private byte[] ask(byte[] target) {
        lookups++;
        asked = KadKey.hash(target);
        return target;
    }

    /** What the last lookup found. */
    void onClosest(List<Provider> closest) {
        KadKey target = asked;
        if (target == null) {
            throw new IllegalStateException("region: an answer without a lookup");
        }
        asked = null;
        int shared = KadKey.BITS;
        for (Provider provider : closest) {
            KadKey at = keyspace.keyOf(provider.peer());
            servers.put(provider.peer(), new Server(at, provider));
            shared = Math.min(shared, target.commonPrefix(at));
        }
        // fewer than k are all that there are
        Region seen = closest.size() < k ? Region.ALL : new Region(target, Math.min(shared + 1, KadKey.BITS));
        covered.removeIf(seen::contains);
        if (covered.stream().noneMatch(each -> each.contains(seen))) {
            covered.add(seen);
        }
    }

    private Region coveredAround(KadKey key) {
        return covered.stream()
                .filter(each -> each.contains(key))
                .min(Comparator.comparingInt(Region::bits))
                .orElse(new Region(key, KadKey.BITS));
    }

    /** A part of {@code whole} of which nothing is covered, or {@code null}. */
    private @Nullable Region gap(Region whole) {
        if (covered.stream().anyMatch(each -> each.contains(whole))) {
            return null;
        }
        if (covered.stream().noneMatch(whole::contains)) {
            return whole;
        }
        Region left = gap(whole.half(0));
        return left != null ? left : gap(whole.half(1));
    }

    /** The name of a server in the region if one is known, else a drawn one. */
    private byte @Nullable [] nameIn(Region gap) {
        for (Server server : servers.values()) {
            if (gap.contains(server.at())) {
                byte[] id = server.provider().peer().bytes();
                if (KadKey.hash(id).equals(server.at())) {
                    return id;
                }
            }
        }
        byte[] drawn = new byte[NAME_BYTES];
        for (int i = 0; i < MAX_DRAWS; i++) {
            random.nextBytes(drawn);
            if (gap.contains(KadKey.hash(drawn))) {
                return drawn;
            }
        }
        return null;
    }

    private int count(Region where) {
        int count = 0;
        for (Server server : servers.values()) {
            if (where.contains(server.at())) {
                count++;
            }
        }
        return count;
    }

    /** The region around the key, once {@link #next} has answered {@code null}. */
    Region region() {
        Region known = region;
        if (known == null) {
            throw new IllegalStateException("region: not explored yet");
        }
        return known;
    }

    int lookups() {
        return lookups;
    }

    /** The servers of the region. */
    int size() {
        return count(region());
    }

    /** The up to k servers nearest to a key of the region; more where somebody crowds around the key, see {@link Crowding}. */
    List<Provider> holders(KadKey key) {
        List<Server> nearest = new ArrayList<>(servers.values());
        nearest.sort((left, right) -> key.compareDistances(left.at(), right.at()));
        Crowding crowding = new Crowding(k, usualBits.getAsInt());
        int wanted = 0;
        while (wanted < nearest.size()
                && !crowding.endsBefore(
                        wanted, key.commonPrefix(nearest.get(wanted).at()))) {
            wanted++;
        }
        return nearest.stream().limit(Math.max(k, wanted)).map(Server::provider).toList();
    }
}
