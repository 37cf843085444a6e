package io.kafila.libp2p.internal.host;

import io.kafila.libp2p.Connection;
import io.kafila.libp2p.ConnectionManager;
import io.kafila.multiformats.PeerId;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Values and protections of peers, and the trimming by them. Thread-safe. */
final class WatermarkConnectionManager implements ConnectionManager {
    private final Clock clock;
    private final TrimPlan plan;
    private final Map<PeerId, Set<String>> protections = new HashMap<>();
    private final Map<PeerId, Map<String, Integer>> tags = new HashMap<>();

    WatermarkConnectionManager(Clock clock, TrimPlan plan) {
        this.clock = clock;
        this.plan = plan;
    }

    @Override
    public synchronized void protect(PeerId peer, String tag) {
        protections.computeIfAbsent(peer, key -> new HashSet<>()).add(tag);
    }

    @Override
    public synchronized boolean unprotect(PeerId peer, String tag) {
        Set<String> of = protections.get(peer);
        if (of == null) {
            return false;
        }
        of.remove(tag);
        if (of.isEmpty()) {
            protections.remove(peer);
            return false;
        }
        return true;
    }

    @Override
    public synchronized boolean isProtected(PeerId peer) {
        return protections.containsKey(peer);
    }

    @Override
    public synchronized Set<PeerId> protectedPeers() {
        return Set.copyOf(protections.keySet());
    }

    @Override
    public synchronized void tag(PeerId peer, String tag, int value) {
        tags.computeIfAbsent(peer, key -> new HashMap<>()).put(tag, value);
    }

    @Override
    public synchronized void untag(PeerId peer, String tag) {
        Map<String, Integer> of = tags.get(peer);
        if (of != null) {
            of.remove(tag);
            if (of.isEmpty()) {
                tags.remove(peer);
            }
        }
    }

    boolean isOver(int connections) {
        return connections > plan.high();
    }

    /** Which of the connections to close now. */
    synchronized List<Connection> surplus(Collection<? extends Connection> connections) {
        List<TrimPlan.Candidate> candidates = new ArrayList<>(connections.size());
        for (Connection connection : connections) {
            PeerId peer = connection.remotePeer();
            int value = tags.getOrDefault(peer, Map.of()).values().stream()
                    .mapToInt(Integer::intValue)
                    .sum();
            candidates.add(new TrimPlan.Candidate(
                    connection,
                    isProtected(peer),
                    value,
                    connection.streams().size(),
                    Duration.between(connection.openedAt(), clock.instant()).toNanos()));
        }
        return plan.choose(candidates);
    }
}
