package io.kafila.benchmarks;

import io.kafila.benchmarks.content.ContentMaker;
import io.kafila.benchmarks.content.Folders;
import io.kafila.benchmarks.peer.Fleet;
import io.kafila.benchmarks.peer.Topology;
import io.kafila.benchmarks.scenario.Conductor;
import io.kafila.benchmarks.scenario.Pace;
import io.kafila.benchmarks.scenario.Progress;
import io.kafila.benchmarks.scenario.Scenario;
import io.kafila.benchmarks.scenario.ScenarioResult;
import io.kafila.benchmarks.usage.PageCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs scenarios one after the other. Confined to one thread, but for {@link #close}, which ends all processes. */
final class Bench implements AutoCloseable {
    private static final double WARM_SHARE = 0.25;
    /** A lane with little content takes as long as one with so much more. */
    private static final double START_BYTES = 512 << 20;
    /** What a machine needs besides what the scenarios take. */
    private static final long SPARE_BYTES = 1L << 30;

    private final BenchOptions options;
    private final Progress progress;
    private final long start = System.nanoTime();
    private volatile Fleet fleet;
    private volatile boolean closed;

    Bench(BenchOptions options, Progress progress) {
        this.options = options;
        this.progress = progress;
        this.fleet = new Fleet(options.work().resolve("peers"), Topology.LOCAL, options.peerOptions());
    }

    List<ScenarioResult> run(List<Scenario> scenarios) {
        List<ScenarioResult> results = new ArrayList<>();
        Folders.create(options.work());
        try (PageCache cache = new PageCache(options.work().resolve("untouched"))) {
            for (int i = 0; i < scenarios.size() && !closed; i++) {
                Scenario scenario = scenarios.get(i);
                results.add(run(scenario, budget(scenarios.subList(i, scenarios.size())), cache));
            }
        }
        return results;
    }

    /** A scenario's part of the time that is left: by how much content its lanes move, and no less than a fair start. */
    private Duration budget(List<Scenario> left) {
        if (options.budgetSeconds().isEmpty()) {
            return Duration.ofDays(1);
        }
        Duration remaining = Duration.ofSeconds(options.budgetSeconds().get()).minusNanos(System.nanoTime() - start);
        double all = left.stream().mapToDouble(Bench::weight).sum();
        return Duration.ofMillis((long) (remaining.toMillis() * weight(left.get(0)) / all));
    }

    private static double weight(Scenario scenario) {
        return scenario.lanes().size() * (START_BYTES + scenario.workload().bytes());
    }

    private ScenarioResult run(Scenario scenario, Duration budget, PageCache cache) {
        requireDisk(scenario);
        Pace pace = new Pace(
                options.repetitions(), 1, WARM_SHARE, budget, Duration.ofSeconds(options.stepTimeoutSeconds()));
        Conductor conductor = new Conductor(pace, cache::fill, System::nanoTime, progress);
        try (Topology topology = Topology.LOCAL;
                Fleet peers = new Fleet(
                        options.work().resolve(scenario.name()),
                        topology,
                        scenario.setup().peers())) {
            fleet = peers;
            return conductor.conduct(
                    scenario,
                    peers,
                    new ContentMaker(peers.folder().resolve("content"), options.seed()),
                    topology.toString());
        }
    }

    private void requireDisk(Scenario scenario) {
        try {
            long free = Files.getFileStore(options.work()).getUsableSpace();
            long want = scenario.diskBytes() + SPARE_BYTES;
            if (free < want) {
                throw new BenchException(String.format(
                        "%s: %.1f GiB are free at %s, want %.1f GiB; choose a smaller --size or another --work",
                        scenario.name(), gib(free), options.work(), gib(want)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double gib(long bytes) {
        return bytes / (double) (1L << 30);
    }

    @Override
    public void close() {
        closed = true;
        fleet.close();
        Folders.delete(options.work());
    }
}
