package io.kafila.libp2p.internal.host;

import io.kafila.multiformats.PeerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The open connections of a host, for each peer the oldest first. Thread-safe. */
final class ConnectionTable {
    private final Map<PeerId, List<HostConnection>> byPeer = new HashMap<>();
    private int count;
    private boolean closed;

    /** @return {@code false} once the table is closed */
    synchronized boolean add(HostConnection connection) {
        if (closed) {
            return false;
        }
        byPeer.computeIfAbsent(connection.remotePeer(), peer -> new ArrayList<>(1))
                .add(connection);
        count++;
        return true;
    }

    synchronized boolean remove(HostConnection connection) {
        List<HostConnection> ofPeer = byPeer.get(connection.remotePeer());
        if (ofPeer == null || !ofPeer.remove(connection)) {
            return false;
        }
        count--;
        if (ofPeer.isEmpty()) {
            byPeer.remove(connection.remotePeer());
        }
        return true;
    }

    synchronized @Nullable HostConnection oldest(PeerId peer) {
        for (HostConnection connection : byPeer.getOrDefault(peer, List.of())) {
            if (connection.isOpen()) {
                return connection;
            }
        }
        return null;
    }

    synchronized List<HostConnection> of(PeerId peer) {
        return List.copyOf(byPeer.getOrDefault(peer, List.of()));
    }

    synchronized List<HostConnection> all() {
        List<HostConnection> all = new ArrayList<>(count);
        byPeer.values().forEach(all::addAll);
        return all;
    }

    synchronized int count() {
        return count;
    }

    /** Takes no more; answers what is open. */
    synchronized List<HostConnection> close() {
        closed = true;
        return all();
    }
}
