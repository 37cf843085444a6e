package io.kafila.benchmarks;

import io.kafila.benchmarks.content.ContentMaker;
import io.kafila.benchmarks.content.Folders;
import io.kafila.benchmarks.link.LinkException;
import io.kafila.benchmarks.link.Links;
import io.kafila.benchmarks.peer.Fleet;
import io.kafila.benchmarks.peer.Topology;
import io.kafila.benchmarks.scenario.Conductor;
import io.kafila.benchmarks.scenario.Pace;
import io.kafila.benchmarks.scenario.Progress;
import io.kafila.benchmarks.scenario.Scenario;
import io.kafila.benchmarks.scenario.ScenarioResult;
import io.kafila.benchmarks.usage.DiskRest;
import io.kafila.benchmarks.usage.PageCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs scenarios one after the other. Confined to one thread, but for {@link #close}, which ends all processes. */
final class Bench implements AutoCloseable {
    private static final double WARM_SHARE = 0.25;
    /** A lane with little content takes as long as one with so much more. */
    private static final double START_BYTES = 512 << 20;
    /** What a machine needs besides what the scenarios take. */
    private static final long SPARE_BYTES = 1L << 30;
    /** How long an interrupted run may take to give up. */
    private static final Duration END = Duration.ofSeconds(60);

    private final BenchOptions options;
    private final Progress progress;
    private final long start = System.nanoTime();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Fleet fleet;
    private volatile @Nullable Thread runner;
    private volatile boolean closed;

    Bench(BenchOptions options, Progress progress) {
        this.options = options;
        this.progress = line -> {
            if (!closed) {
                progress.say(line);
            }
        };
    }

    /** What came out, and by the names of scenarios why some could not be tried. */
    record Outcome(List<ScenarioResult> results, Map<String, String> notTried) {}

    /**
     * Runs them all.
     *
     * @param told what came out until now, after each scenario
     */
    void run(List<Scenario> scenarios, PageCache cache, Consumer<Outcome> told) {
        List<ScenarioResult> results = new ArrayList<>();
        Map<String, String> notTried = new LinkedHashMap<>();
        runner = Thread.currentThread();
        try {
            for (int i = 0; i < scenarios.size() && !closed; i++) {
                Scenario scenario = scenarios.get(i);
                Duration budget = budget(scenarios.subList(i, scenarios.size()));
                progress.say(announced(scenario, i + 1, scenarios.size(), budget));
                requireDisk(List.of(scenario));
                try (Topology topology = topology(scenario)) {
                    ScenarioResult result = run(scenario, topology, budget, cache);
                    if (closed && result.lanes().isEmpty()) {
                        break;
                    }
                    results.add(result);
                } catch (LinkException e) {
                    progress.say("  not tried: " + e.getMessage());
                    notTried.put(scenario.name(), String.valueOf(e.getMessage()));
                }
                told.accept(new Outcome(List.copyOf(results), new LinkedHashMap<>(notTried)));
            }
        } finally {
            ended.countDown();
        }
    }

    private String announced(Scenario scenario, int number, int count, Duration budget) {
        long elapsed = Duration.ofNanos(System.nanoTime() - start).toSeconds();
        return String.format(
                Locale.ROOT,
                "[%d:%02d] %d of %d: %s: %s%s",
                elapsed / 60,
                elapsed % 60,
                number,
                count,
                scenario.name(),
                scenario.title(),
                options.budgetSeconds().isEmpty() ? "" : ", about " + Math.max(0, budget.toSeconds()) + " s");
    }

    private static Topology topology(Scenario scenario) {
        return scenario.links().map(plan -> (Topology) Links.open(plan)).orElse(Topology.LOCAL);
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

    private ScenarioResult run(Scenario scenario, Topology topology, Duration budget, PageCache cache) {
        Pace pace = new Pace(
                options.repetitions(),
                1,
                options.warmUp() ? WARM_SHARE : 0,
                budget,
                Duration.ofSeconds(options.stepTimeoutSeconds()));
        Runnable before = options.warmMemory() ? cache::fill : () -> {};
        DiskRest rest = new DiskRest(options.work());
        Conductor conductor = new Conductor(pace, before, rest::await, System::nanoTime, progress);
        try (Fleet peers = new Fleet(options.work().resolve(scenario.name()), topology, scenario.peers())) {
            fleet = peers;
            if (closed) {
                peers.close();
            }
            ContentMaker maker = new ContentMaker(peers.folder().resolve("content"), options.seed());
            return conductor.conduct(scenario, peers, maker, topology::toString);
        }
    }

    /** Fails where the disk has no room for the largest, since each is deleted before the next begins. */
    void requireDisk(List<Scenario> scenarios) {
        Scenario scenario = Collections.max(scenarios, Comparator.comparingLong(Scenario::diskBytes));
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
        Fleet last = fleet;
        if (last != null) {
            last.close();
            awaitEnd();
        }
        Folders.delete(options.work());
    }

    /** A peer that is just starting is ended by whoever starts it, who must not be cut off before. */
    private void awaitEnd() {
        Thread running = runner;
        if (running != null && running != Thread.currentThread()) {
            // It may wait for an answer over a link that is not there any more.
            running.interrupt();
        }
        try {
            if (!ended.await(END.toSeconds(), TimeUnit.SECONDS)) {
                throw new BenchException("a peer is still starting or ending after " + END.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
