package io.kafila.benchmarks.profile;

import io.kafila.benchmarks.BenchException;
import io.kafila.benchmarks.content.Content;
import io.kafila.benchmarks.content.ContentMaker;
import io.kafila.benchmarks.content.ContentSpec;
import io.kafila.benchmarks.content.Folders;
import io.kafila.benchmarks.peer.Command;
import io.kafila.benchmarks.peer.Daemon;
import io.kafila.benchmarks.peer.DaemonCompetitor;
import io.kafila.benchmarks.peer.Site;
import io.kafila.benchmarks.profile.StageProfile.Activity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Kafila at work with a profiler in its processes. Only what a scenario does within {@link #sampled} counts. Confined to
 * one thread; closing it ends the daemons and deletes their folder.
 */
final class ProfileRun implements AutoCloseable {
    private static final long SEED = 1;
    private static final double SAMPLE_SECONDS = 1e-3;

    /** What one side did in all repetitions so far. */
    private static final class Sum {
        private double cpuSeconds;
        private final List<StackSample> samples = new ArrayList<>();
    }

    private final ProfileOptions options;
    private final ProfiledScenario scenario;
    private final AsyncProfiler profiler;
    private final Content content;
    private final List<Daemon> daemons = new ArrayList<>();
    private final Map<String, Sum> sums = new LinkedHashMap<>();

    private boolean counted;
    private long nanos;
    private @Nullable String held;

    private ProfileRun(ProfileOptions options, ProfiledScenario scenario) {
        this.options = options;
        this.scenario = scenario;
        this.profiler = AsyncProfiler.in(Folders.create(options.work()));
        this.content = new ContentMaker(options.work().resolve("content"), SEED)
                .make(ContentSpec.file(options.bytes()), "content");
    }

    /** What a scenario costs, and how fast it was with the profiler in it. */
    record Outcome(StageProfile profile, double bytesPerSecond) {}

    /** Runs a scenario. Blocking. */
    static Outcome of(ProfiledScenario scenario, ProfileOptions options) {
        try (ProfileRun run = new ProfileRun(options, scenario)) {
            return run.run();
        }
    }

    private Outcome run() {
        start("first");
        if (scenario.twoDaemons()) {
            start("second");
        }
        for (int i = 0; i < options.warmUps() + options.repetitions(); i++) {
            counted = i >= options.warmUps();
            scenario.work(this);
        }
        Map<String, Activity> activities = new LinkedHashMap<>();
        sums.forEach((side, sum) -> activities.put(side, new Activity(sum.cpuSeconds, sum.samples)));
        long bytes = content.bytes() * options.repetitions();
        return new Outcome(StageProfile.of(activities, bytes), bytes * 1e9 / nanos);
    }

    private void start(String name) {
        DaemonCompetitor kafila = DaemonCompetitor.kafila(options.launcher(), Optional.empty());
        daemons.add(kafila.start(options.work().resolve(name), Site.LOCAL, options.peers()));
    }

    Daemon first() {
        return daemons.get(0);
    }

    Daemon second() {
        return daemons.get(1);
    }

    /** Lets daemons work, sampled, by the name of their side. */
    void sampled(Map<String, Daemon> sides, Runnable work) {
        Map<String, Duration> before = new HashMap<>();
        sides.forEach((side, daemon) -> {
            if (counted) {
                profiler.start(pid(daemon));
            }
            before.put(side, cpu(daemon));
        });
        long start = System.nanoTime();
        work.run();
        long taken = System.nanoTime() - start;
        if (counted) {
            nanos += taken;
            new TreeMap<>(sides).descendingMap().forEach((side, daemon) -> {
                double seconds = cpu(daemon).minus(before.get(side)).toNanos() / 1e9;
                add(side, seconds, profiler.stop(pid(daemon)));
            });
        }
    }

    /** Lets a command of ours and daemons work; what the command answers. It is a side of its own, from start to end. */
    String sampled(Map<String, Daemon> sides, Command command) {
        if (!counted) {
            return command.run();
        }
        Path stacks = options.work().resolve("stacks-command");
        Map<String, String> environment = new HashMap<>(command.environment());
        environment.merge("JAVA_OPTS", profiler.option(stacks), (given, ours) -> given + " " + ours);
        Command profiled = new Command(command.words(), environment, command.timeout());
        List<String> answer = new ArrayList<>();
        sampled(sides, () -> answer.add(profiled.run()));
        List<StackSample> samples = AsyncProfiler.take(stacks);
        // It has ended, and its account with it.
        long count = samples.stream().mapToLong(StackSample::count).sum();
        add("command", count * SAMPLE_SECONDS, samples);
        // The profiler says on the same output that it has begun.
        return answer.get(0).lines().reduce((earlier, later) -> later).orElse("");
    }

    private void add(String side, double cpuSeconds, List<StackSample> samples) {
        Sum sum = sums.computeIfAbsent(side, key -> new Sum());
        sum.cpuSeconds += cpuSeconds;
        sum.samples.addAll(samples);
    }

    /** The same in all repetitions. */
    Content content() {
        return content;
    }

    /** The name under which the first daemon holds the content, from the first call on. */
    String held() {
        String root = held;
        if (root == null) {
            root = first().hold(content.path());
            held = root;
        }
        return root;
    }

    /** Fails where what a daemon holds is not the content. */
    void check(Daemon daemon, String root) {
        String digest = daemon.digest(root, options.work().resolve("scratch"));
        if (!digest.equals(content.sha256())) {
            throw new BenchException("content: SHA-256 " + digest + ", want " + content.sha256());
        }
    }

    private static Duration cpu(Daemon daemon) {
        return ProcessHandle.of(pid(daemon))
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow(() -> new BenchException("profile: the daemon has ended"));
    }

    private static long pid(Daemon daemon) {
        return daemon.pids().stream()
                .findFirst()
                .orElseThrow(() -> new BenchException("profile: the daemon has ended"));
    }

    @Override
    public void close() {
        daemons.forEach(Daemon::close);
        Folders.delete(options.work());
    }
}
