package io.kafila.dht.internal.provide;

import io.kafila.dht.internal.key.KadKey;
import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.PeerId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One region being provided: its exploration, then page after page of its keys. Confined to one thread. */
final class RegionJob {
    enum Kind {
        /** For keys that were never provided. */
        FRESH,
        /** For keys whose time has come again. */
        DUE
    }

    private final long id;
    private final Kind kind;
    private final RegionExploration exploration;
    private final Region expected;
    private final long startedMs;
    private final Map<PeerId, List<Multihash>> keysByServer = new LinkedHashMap<>();
    private final Deque<Provider> waiting = new ArrayDeque<>();
    private final Map<Multihash, Integer> holders = new HashMap<>();
    private final Set<Integer> leftAlone = new HashSet<>();
    private final BitSet touched = new BitSet();
    private List<ProvideStore.Key> page = List.of();
    private @Nullable KadKey after;
    private boolean explored;
    private int open;
    private long keys;

    RegionJob(long id, Kind kind, RegionExploration exploration, Region expected, long startedMs) {
        this.id = id;
        this.kind = kind;
        this.exploration = exploration;
        this.expected = expected;
        this.startedMs = startedMs;
    }

    long id() {
        return id;
    }

    Kind kind() {
        return kind;
    }

    RegionExploration exploration() {
        return exploration;
    }

    Region expected() {
        return expected;
    }

    void explored() {
        explored = true;
    }

    /** The region that no other job should take. */
    Region taken() {
        return explored ? exploration.region() : expected;
    }

    long startedMs() {
        return startedMs;
    }

    @Nullable
    KadKey after() {
        return after;
    }

    void scannedTo(KadKey at) {
        after = at;
    }

    /** Assigns keys to servers. */
    void beginPage(List<ProvideStore.Key> wanted) {
        page = wanted;
        keys += wanted.size();
        keysByServer.clear();
        holders.clear();
        Map<PeerId, Provider> servers = new LinkedHashMap<>();
        for (ProvideStore.Key key : wanted) {
            touched.set(ProvideSchedule.part(key.at()));
            for (Provider server : exploration.holders(key.at())) {
                servers.putIfAbsent(server.peer(), server);
                keysByServer
                        .computeIfAbsent(server.peer(), peer -> new ArrayList<>())
                        .add(key.hash());
            }
        }
        waiting.addAll(servers.values());
    }

    /** The next server to tell, unless {@code limit} are being told. */
    @Nullable
    Provider nextServer(int limit) {
        if (open >= limit) {
            return null;
        }
        Provider next = waiting.poll();
        if (next != null) {
            open++;
        }
        return next;
    }

    List<Multihash> keysFor(Provider server) {
        return keysByServer.getOrDefault(server.peer(), List.of());
    }

    void answered(Provider server, boolean told) {
        open--;
        if (told) {
            keysFor(server).forEach(key -> holders.merge(key, 1, Integer::sum));
        }
    }

    boolean isPageOver() {
        return open == 0 && waiting.isEmpty();
    }

    List<ProvideStore.Key> page() {
        return page;
    }

    /** How many servers were told of a key. */
    int holders(ProvideStore.Key key) {
        return holders.getOrDefault(key.hash(), 0);
    }

    void leaveAlone(int part) {
        leftAlone.add(part);
    }

    /** The parts of the keyspace whose keys were tried. */
    BitSet touched() {
        return touched;
    }

    Set<Integer> leftAlone() {
        return leftAlone;
    }

    int pageSize() {
        return page.size();
    }

    /** Keys that were tried. */
    long keys() {
        return keys;
    }
}
