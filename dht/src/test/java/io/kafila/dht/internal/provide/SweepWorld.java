package io.kafila.dht.internal.provide;

import io.kafila.dht.ProvideOptions;
import io.kafila.dht.internal.key.KadKey;
import io.kafila.dht.internal.key.Keyspace;
import io.kafila.libp2p.Datastore;
import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.PeerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/**
 * A DHT in virtual time for one node that provides: servers with k-buckets of what they know, iterative lookups whose requests are
 * counted, and what each server was told.
 */
final class SweepWorld {
    static final int K = 20;
    private static final int ALPHA = 10;
    private static final long LOOKUP_MS = 2_000;
    private static final long ANNOUNCE_MS = 400;

    private record Event(long atMs, long order, Runnable action) {}

    private final Random random;
    final List<Provider> servers = new ArrayList<>();
    private final Map<PeerId, KadKey> points = new HashMap<>();
    private final Map<PeerId, List<Provider>> tables = new HashMap<>();
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::atMs).thenComparingLong(Event::order));
    private long order;
    private long nowMs = 1_700_000_000_000L;
    ProvideSweep sweep;

    /** What the servers hold: key to those who were told. */
    final Map<Multihash, Set<PeerId>> told = new HashMap<>();

    /** How often each key was provided to any one server, at most. */
    final Map<Multihash, Map<PeerId, Integer>> tellings = new HashMap<>();

    final Set<PeerId> dead = new HashSet<>();
    boolean online = true;
    int usualBits = 256;
    long findNodes;
    long addProviders;
    long streams;
    long lookups;
    int openLookups;
    final List<Long> lookupTimes = new ArrayList<>();

    SweepWorld(int size, Random random) {
        this.random = random;
        for (int i = 0; i < size; i++) {
            byte[] digest = new byte[32];
            random.nextBytes(digest);
            PeerId peer =
                    PeerId.decode(Multihash.of(HashFunction.SHA2_256, digest).bytes());
            Provider server = new Provider(peer, List.of());
            servers.add(server);
            points.put(peer, KadKey.of(peer));
        }
        for (Provider server : servers) {
            tables.put(server.peer(), table(points.get(server.peer())));
        }
    }

    /** Servers that somebody has put next to a point; they know each other, and the honest know them. */
    Set<PeerId> crowd(KadKey point, int count, int bits) {
        List<Provider> crowd = new ArrayList<>();
        while (crowd.size() < count) {
            byte[] digest = new byte[32];
            random.nextBytes(digest);
            PeerId tried =
                    PeerId.decode(Multihash.of(HashFunction.SHA2_256, digest).bytes());
            KadKey at = KadKey.of(tried);
            if (at.commonPrefix(point) >= bits) {
                crowd.add(new Provider(tried, List.of()));
                points.put(tried, at);
            }
        }
        tables.values().forEach(table -> table.addAll(crowd));
        Set<PeerId> ids = new HashSet<>();
        for (Provider server : crowd) {
            tables.put(server.peer(), crowd);
            ids.add(server.peer());
        }
        return ids;
    }

    /** Up to K random peers for each length of the common prefix. */
    private List<Provider> table(KadKey own) {
        Map<Integer, List<Provider>> buckets = new LinkedHashMap<>();
        int start = random.nextInt(servers.size());
        for (int i = 0; i < servers.size(); i++) {
            Provider other = servers.get((start + i) % servers.size());
            int shared = own.commonPrefix(points.get(other.peer()));
            if (shared < KadKey.BITS) {
                List<Provider> bucket = buckets.computeIfAbsent(shared, length -> new ArrayList<>());
                if (bucket.size() < K) {
                    bucket.add(other);
                }
            }
        }
        List<Provider> table = new ArrayList<>();
        buckets.values().forEach(table::addAll);
        return table;
    }

    KadKey at(PeerId peer) {
        return points.get(peer);
    }

    private List<Provider> nearest(Collection<Provider> among, KadKey target, int count) {
        List<Provider> sorted = new ArrayList<>(among);
        sorted.sort((left, right) -> target.compareDistances(at(left.peer()), at(right.peer())));
        return sorted.subList(0, Math.min(count, sorted.size()));
    }

    /** The K servers nearest to a point, by knowing all of them. */
    List<Provider> trulyNearest(KadKey target) {
        return nearest(servers, target, K);
    }

    /** An iterative lookup from a few servers at random: asks until the K nearest of all heard of have answered. */
    List<Provider> lookup(KadKey target) {
        lookups++;
        Map<PeerId, Provider> heard = new LinkedHashMap<>();
        for (int i = 0; i < K; i++) {
            Provider seed = servers.get(random.nextInt(servers.size()));
            heard.put(seed.peer(), seed);
        }
        Set<PeerId> asked = new HashSet<>();
        while (true) {
            List<Provider> next = nearest(heard.values(), target, K).stream()
                    .filter(each -> !asked.contains(each.peer()))
                    .limit(ALPHA)
                    .toList();
            if (next.isEmpty()) {
                return nearest(heard.values(), target, K);
            }
            for (Provider server : next) {
                findNodes++;
                asked.add(server.peer());
                nearest(tables.get(server.peer()), target, K).forEach(each -> heard.putIfAbsent(each.peer(), each));
            }
        }
    }

    void start(ProvideOptions options, Datastore datastore) {
        events.clear();
        openLookups = 0;
        sweep = new ProvideSweep(options, new ProvideStore(datastore), Keyspace.SHA256, () -> usualBits, random, nowMs);
    }

    long nowMs() {
        return nowMs;
    }

    /** Time passes while the node is off. */
    void skip(long ms) {
        nowMs += ms;
    }

    private void in(long ms, Runnable action) {
        events.add(new Event(nowMs + ms, order++, action));
    }

    /** Does what the sweep wants until virtual time is {@code untilMs} or {@code steps} events have happened. */
    void run(long untilMs, long steps) {
        for (long step = 0; step < steps; step++) {
            for (ProvideSweep.Action action = sweep.next(nowMs); action != null; action = sweep.next(nowMs)) {
                begin(action);
            }
            Event event = events.peek();
            long wakeMs = sweep.wakeAtMs(nowMs);
            if (event == null || wakeMs < event.atMs()) {
                if (wakeMs > untilMs) {
                    nowMs = Math.max(nowMs, event == null ? untilMs : nowMs);
                    if (event == null || event.atMs() > untilMs) {
                        return;
                    }
                } else {
                    nowMs = Math.max(nowMs, wakeMs);
                    continue;
                }
            }
            if (event.atMs() > untilMs) {
                nowMs = untilMs;
                return;
            }
            events.poll();
            nowMs = event.atMs();
            event.action().run();
        }
    }

    void run(long untilMs) {
        run(untilMs, Long.MAX_VALUE);
    }

    private void begin(ProvideSweep.Action action) {
        if (action instanceof ProvideSweep.Action.Lookup lookup) {
            openLookups++;
            lookupTimes.add(nowMs);
            List<Provider> found = online ? lookup(KadKey.hash(lookup.name())) : null;
            in(LOOKUP_MS, () -> {
                openLookups--;
                sweep.onClosest(lookup.job(), found, nowMs);
            });
        } else if (action instanceof ProvideSweep.Action.Announce announce) {
            boolean alive = online && !dead.contains(announce.to().peer());
            addProviders += announce.keys().size();
            streams++;
            if (alive) {
                for (Multihash key : announce.keys()) {
                    told.computeIfAbsent(key, each -> new HashSet<>())
                            .add(announce.to().peer());
                    tellings.computeIfAbsent(key, each -> new HashMap<>())
                            .merge(announce.to().peer(), 1, Integer::sum);
                }
            }
            in(ANNOUNCE_MS, () -> sweep.onAnnounced(announce.job(), announce.to(), alive, nowMs));
        }
    }

    static List<Multihash> keys(int count, Random random) {
        List<Multihash> keys = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            byte[] digest = new byte[32];
            random.nextBytes(digest);
            keys.add(Multihash.of(HashFunction.SHA2_256, digest));
        }
        return keys;
    }

    /** How often a key was provided: the most that one server heard of it. */
    int times(Multihash key) {
        return tellings.getOrDefault(key, Map.of()).values().stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0);
    }
}
