package io.kafila.benchmarks.peer;

import io.kafila.benchmarks.BenchException;
import io.kafila.benchmarks.content.Content;
import io.kafila.benchmarks.content.Folders;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The peers of one scenario, started when they are first asked for and kept over its repetitions.
 *
 * <p>A peer is known by its competitor and its role; one that has died is started anew, which is counted. Confined to the thread of the
 * scenario, but for {@link #close}, which ends all processes from any thread.
 */
public final class Fleet implements AutoCloseable {
    private record Key(String competitor, String role) {}

    private record Holding(Key peer, Path content) {}

    private final Path folder;
    private final Topology topology;
    private final PeerOptions options;
    private final Map<Key, Peer> peers = new LinkedHashMap<>();
    private final Map<Holding, String> held = new HashMap<>();
    private int started;
    private int restarts;
    private boolean closed;

    public Fleet(Path folder, Topology topology, PeerOptions options) {
        this.folder = folder;
        this.topology = topology;
        this.options = options;
    }

    public PeerOptions options() {
        return options;
    }

    public Site site(String role) {
        return topology.site(role);
    }

    /** A folder for what a lane writes by itself. */
    public Path folder() {
        return Folders.create(folder);
    }

    /** The peer of a competitor with a role such as {@code source0}. */
    public Peer peer(Competitor competitor, String role) {
        Key key = new Key(competitor.name(), role);
        Peer known;
        Path place;
        synchronized (this) {
            requireOpen();
            known = peers.get(key);
            if (known != null && known.alive()) {
                return known;
            }
            place = folder().resolve(competitor.name() + "-" + role + "-" + started++);
        }
        if (known != null) {
            held.keySet().removeIf(holding -> holding.peer().equals(key));
            known.close();
        }
        Peer fresh = competitor.start(place, topology.site(role), options);
        synchronized (this) {
            peers.put(key, fresh);
            restarts += known == null ? 0 : 1;
            if (closed) {
                fresh.close();
            }
            requireOpen();
        }
        return fresh;
    }

    private void requireOpen() {
        if (closed) {
            throw new BenchException("the scenario has ended");
        }
    }

    /** Whether it was closed, so that nothing can be done with it. */
    public synchronized boolean closed() {
        return closed;
    }

    /** A daemon of a competitor that is one. */
    public Daemon daemon(DaemonCompetitor competitor, String role) {
        return (Daemon) peer(competitor, role);
    }

    /** The address under which a peer is reached from another role. */
    public String address(Competitor competitor, String role, String from) {
        return topology.via(from, role, peer(competitor, role).address());
    }

    /**
     * How often a peer was started in place of one that had ended, by itself or by {@link #kill}. The new one has done nothing
     * yet, and is slower for a while than one that was kept.
     */
    public synchronized int restarts() {
        return restarts;
    }

    /** What the emulation of links has carried until now. */
    public Carried carried() {
        return topology.carried();
    }

    /** The name under which a peer holds content; it takes it in where it does not hold it yet. */
    public String hold(Competitor competitor, String role, Content content) {
        Peer peer = peer(competitor, role);
        return held.computeIfAbsent(
                new Holding(new Key(competitor.name(), role), content.path()), key -> peer.hold(content.path()));
    }

    /** Lets every peer give up what it holds. */
    public void clear() {
        Map<Holding, String> all = Map.copyOf(held);
        held.clear();
        all.forEach((holding, root) -> {
            Peer peer = peers.get(holding.peer());
            if (peer != null && peer.alive()) {
                peer.forget(root);
            }
        });
    }

    /** The processes of all peers. */
    public synchronized Set<Long> pids() {
        Set<Long> all = new HashSet<>();
        peers.values().forEach(peer -> all.addAll(peer.pids()));
        return all;
    }

    /** Ends all processes, so that whoever waits for one fails; the next call for a peer starts it anew. */
    public synchronized void kill() {
        // At once, since each takes a while to end.
        peers.values().parallelStream().forEach(Peer::close);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            kill();
        }
        Folders.delete(folder);
    }
}
