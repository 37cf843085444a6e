package io.kafila.benchmarks.scenario;

import io.kafila.benchmarks.peer.Peer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A peer without a process, which notes what it is told to do. */
class FakePeer implements Peer {
    private final List<String> told;
    private boolean closed;

    FakePeer(List<String> told) {
        this.told = told;
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
    }

    @Override
    public void fetch(String root) {
        told.add("fetch");
    }

    @Override
    public String digest(String root, Path scratch) {
        told.add("digest");
        return "";
    }

    @Override
    public void forget(String root) {
        told.add("forget");
    }

    @Override
    public void close() {
        closed = true;
    }
}
