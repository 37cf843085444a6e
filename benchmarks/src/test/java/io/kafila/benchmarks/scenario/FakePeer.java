package io.kafila.benchmarks.scenario;

import io.kafila.benchmarks.BenchException;
import io.kafila.benchmarks.peer.Peer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A peer without a process, which notes what it is told to do. */
class FakePeer implements Peer {
    /** The digest of all that it holds. */
    static final String SHA256 = "00";

    private final List<String> told;
    private final Set<String> broken;
    private boolean closed;

    /** @param broken what it notes and then fails to do */
    FakePeer(List<String> told, String... broken) {
        this.told = told;
        this.broken = Set.of(broken);
    }

    private void fail(String what) {
        if (broken.contains(what)) {
            throw new BenchException("cannot " + what);
        }
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public Set<Long> pids() {
        return Set.of();
    }

    @Override
    public boolean alive() {
        return !closed;
    }

    @Override
    public String hold(Path content) {
        return "root";
    }

    @Override
    public String address() {
        return "address";
    }

    @Override
    public void connect(String address) {
        told.add("connect");
    }

    @Override
    public void disconnect(String address) {
        told.add("disconnect");
        fail("disconnect");
    }

    @Override
    public void fetch(String root) {
        told.add("fetch");
        fail("fetch");
    }

    @Override
    public String digest(String root, Path scratch) {
        told.add("digest");
        return SHA256;
    }

    @Override
    public void forget(String root) {
        told.add("forget");
        fail("forget");
    }

    @Override
    public void close() {
        closed = true;
    }
}
