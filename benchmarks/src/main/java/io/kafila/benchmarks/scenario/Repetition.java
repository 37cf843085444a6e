package io.kafila.benchmarks.scenario;

import io.kafila.benchmarks.BenchException;
import io.kafila.benchmarks.content.Content;
import io.kafila.benchmarks.peer.Carried;
import io.kafila.benchmarks.peer.Fleet;
import io.kafila.benchmarks.peer.Peer;
import io.kafila.benchmarks.usage.MachineLoad;
import io.kafila.benchmarks.usage.Meter;
import io.kafila.benchmarks.usage.Usage;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** One turn of one lane: its content and peers, and where it notes its figures. Confined to the thread of the scenario. */
public final class Repetition {
    private final int number;
    private final Content content;
    private final Fleet fleet;
    private final Conductor.Step beforeClock;
    private final Map<String, Double> figures = new LinkedHashMap<>();
    private final Map<String, Usage> sides = new LinkedHashMap<>();
    private final int restartsBefore;
    private double seconds;
    private double stealShare;
    private double load;
    private long bytes;
    /** Why the timed part does not count. */
    private Optional<String> uncounted = Optional.empty();

    /** @param number from 1; 0 for a warm-up that is not counted */
    Repetition(int number, Content content, Fleet fleet, Conductor.Step beforeClock) {
        this.number = number;
        this.content = content;
        this.fleet = fleet;
        this.beforeClock = beforeClock;
        this.bytes = content.bytes();
        this.restartsBefore = fleet.restarts();
    }

    public int number() {
        return number;
    }

    /** The same for all lanes of one repetition. */
    public Content content() {
        return content;
    }

    public Fleet fleet() {
        return fleet;
    }

    /** A path below the scenario's folder at which nothing is. */
    public Path scratch() {
        return fleet.folder().resolve("scratch-" + number + "-" + System.nanoTime());
    }

    /** Says that the timed part moves another amount than the content's. */
    public void moves(long contentBytes) {
        this.bytes = contentBytes;
    }

    /** Times work that peers do, with one side for each role. */
    public <T> T timed(Map<String, Peer> peers, Callable<T> work) throws Exception {
        Map<String, Supplier<Set<Long>>> all = new LinkedHashMap<>();
        peers.forEach((role, peer) -> all.put(role, peer::pids));
        return timedSides(all, work);
    }

    /** Times work that peers and commands of ours do; the commands are a side of their own. */
    public <T> T timedWithCommands(Map<String, Peer> peers, Callable<T> work) throws Exception {
        Map<String, Supplier<Set<Long>>> all = new LinkedHashMap<>();
        Set<Long> others = new HashSet<>();
        fleet.pids().forEach(others::add);
        peers.forEach((role, peer) -> all.put(role, peer::pids));
        all.put(Meter.COMMANDS, Meter.commands(others));
        return timedSides(all, work);
    }

    /** Times work that peers and the harness itself do; the harness is a side of its own. Not over emulated links. */
    public <T> T timedWithHarness(Map<String, Peer> peers, Callable<T> work) throws Exception {
        Map<String, Supplier<Set<Long>>> all = new LinkedHashMap<>();
        peers.forEach((role, peer) -> all.put(role, peer::pids));
        all.put(Meter.HARNESS, Meter.harness());
        return timedSides(all, work);
    }

    private <T> T timedSides(Map<String, Supplier<Set<Long>>> all, Callable<T> work) throws Exception {
        beforeClock.run();
        MachineLoad before = MachineLoad.now();
        Carried carried = fleet.carried();
        Meter meter = new Meter(all);
        long start = System.nanoTime();
        try {
            T result = work.call();
            seconds = (System.nanoTime() - start) / 1e9;
            // Told at the end: the lane still has to give up what it has just fetched, or the next one finds it there.
            uncounted = fleet.carried().failureSince(carried);
            return result;
        } finally {
            sides.putAll(meter.stop());
            MachineLoad after = MachineLoad.now();
            stealShare = after.stealSince(before);
            load = before.load();
        }
    }

    /** Notes another figure; its name ends in its unit. */
    public void figure(String name, double value) {
        figures.put(name, value);
    }

    /** Fails where what came out is not what went in. */
    public void check(String sha256) {
        if (!sha256.equals(content.sha256())) {
            throw new BenchException("content: SHA-256 " + sha256 + ", want " + content.sha256());
        }
    }

    /** How many peers were started anew since this turn began. */
    int restarts() {
        return fleet.restarts() - restartsBefore;
    }

    Run done() {
        if (seconds <= 0) {
            throw new BenchException("nothing was timed");
        }
        uncounted.ifPresent(why -> {
            throw new BenchException(why);
        });
        return new Run(number, seconds, bytes, sides, figures, stealShare, load, restarts(), Optional.empty());
    }
}
