package io.kafila.benchmarks;

import io.kafila.benchmarks.content.Folders;
import io.kafila.benchmarks.peer.Competitor;
import io.kafila.benchmarks.peer.Lineup;
import io.kafila.benchmarks.peer.LineupFinder;
import io.kafila.benchmarks.report.Machine;
import io.kafila.benchmarks.report.Report;
import io.kafila.benchmarks.report.ReportFiles;
import io.kafila.benchmarks.report.TextReport;
import io.kafila.benchmarks.roofline.MeasuredRoofline;
import io.kafila.benchmarks.roofline.Roofline.Bound;
import io.kafila.benchmarks.roofline.StageMeasurement;
import io.kafila.benchmarks.scenario.Lane;
import io.kafila.benchmarks.scenario.Progress;
import io.kafila.benchmarks.scenario.Scenario;
import io.kafila.benchmarks.scenario.ScenarioResult;
import io.kafila.benchmarks.shows.Evidence;
import io.kafila.benchmarks.shows.Shows;
import io.kafila.benchmarks.usage.PageCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** One call of the program: finds the competitors, runs, and writes the report, anew after each scenario. */
final class Session {
    private final BenchOptions options;
    private final Progress progress;

    Session(BenchOptions options, Progress progress) {
        this.options = options;
        this.progress = progress;
    }

    /** Runs scenarios by name and judges goals by number; the exit code. */
    int run(Collection<String> names, Collection<Integer> shows) {
        if (Files.exists(options.work())) {
            throw new BenchException(options.work() + " exists; name another --work, or delete it");
        }
        Lineup lineup = new LineupFinder(
                        launcher(), options.kubo(), options.helia(), options.javaHome(), System.getenv())
                .find(options.peers());
        lineup.absent().forEach((name, how) -> progress.say("absent: " + name + ": " + how));
        List<Scenario> scenarios =
                names.stream().flatMap(name -> scenarios(name, lineup).stream()).toList();
        Map<String, List<String>> withoutPart = withoutPart(scenarios, lineup);
        withoutPart.forEach(
                (name, where) -> progress.say(name + ": does not take part in " + String.join(", ", where)));
        Instant started = Instant.now();
        Folders.create(options.work());
        Bench bench = new Bench(options, progress);
        ReportFiles files = new ReportFiles(options.output());
        Thread atExit = new Thread(() -> interrupt(bench, files), "stop");
        Runtime.getRuntime().addShutdownHook(atExit);
        Map<String, Bound> bounds = new LinkedHashMap<>();
        Machine machine = Machine.here(options.work());
        Map<String, String> versions = new Versions(launcher(), options.javaHome()).of(lineup, options.helia());
        try (bench;
                PageCache cache = new PageCache(options.work().resolve("untouched"))) {
            bench.requireDisk(scenarios);
            bounds.putAll(bounds(scenarios, cache));
            bench.run(scenarios, cache, outcome -> {
                List<ScenarioResult> results = outcome.results();
                files.write(new Report(
                        started,
                        machine,
                        versions,
                        described(names),
                        lineup.absent(),
                        outcome.notTried(),
                        withoutPart,
                        results,
                        bounds,
                        Shows.judge(shows, new Evidence(results, bounds))));
            });
        } finally {
            if (forget(atExit)) {
                tell(files);
            }
        }
        return files.last().filter(Session::succeeded).isPresent() ? 0 : 1;
    }

    private List<Scenario> scenarios(String name, Lineup lineup) {
        Catalog.Entry entry = Objects.requireNonNull(Catalog.entries().get(name), name);
        try {
            return entry.maker().make(options, lineup);
        } catch (IllegalArgumentException e) {
            throw new UsageException(name + ": " + e.getMessage() + "; choose other sizes", e);
        }
    }

    /** The competitors without a lane in some scenarios, and in which. */
    static Map<String, List<String>> withoutPart(List<Scenario> scenarios, Lineup lineup) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        Stream.<Competitor>concat(lineup.kubo().stream(), lineup.others().stream())
                .forEach(each -> {
                    List<String> where = scenarios.stream()
                            .filter(scenario -> !scenario.has(each))
                            .map(Scenario::name)
                            .toList();
                    if (!where.isEmpty()) {
                        all.put(each.name(), where);
                    }
                });
        return all;
    }

    /** Prints what was measured, also where the rest failed. */
    private static void tell(ReportFiles files) {
        files.last().ifPresent(report -> {
            System.out.print(TextReport.of(report));
            System.out.println("\nwrote results.json and report.html in " + files.folder());
        });
    }

    private static boolean succeeded(Report report) {
        return !report.results().isEmpty()
                && report.results().stream()
                        .flatMap(result -> result.lanes().stream())
                        .noneMatch(lane -> lane.good().isEmpty());
    }

    /** Ends a run from outside. */
    private void interrupt(Bench bench, ReportFiles files) {
        bench.close();
        files.last()
                .ifPresent(report -> progress.say(
                        "interrupted; what was measured is in results.json and report.html in " + files.folder()));
    }

    /** The bounds of single files, from the stages measured alone; those of many small ones are not known. */
    private Map<String, Bound> bounds(List<Scenario> scenarios, PageCache cache) {
        Map<String, Bound> bounds = new LinkedHashMap<>();
        if (options.roofline()) {
            progress.say("Measuring the stages of this machine alone");
            if (options.warmMemory()) {
                cache.fill();
            }
            MeasuredRoofline roofline = measured();
            scenarios.forEach(scenario -> bounds.putAll(bounds(roofline, scenario)));
        }
        return bounds;
    }

    /** The bounds of a scenario of one file and of those of its lanes that have others, by their names. */
    static Map<String, Bound> bounds(MeasuredRoofline roofline, Scenario scenario) {
        Map<String, Bound> bounds = new LinkedHashMap<>();
        if (scenario.workload().files() == 1) {
            boolean allFromDisk = scenario.lanes().stream().allMatch(Lane::fromDisk);
            for (Lane lane : scenario.lanes()) {
                boolean own =
                        (lane.fromDisk() && !allFromDisk) || !lane.senders().isEmpty();
                String name = own ? Bound.nameOf(scenario.name(), lane.name()) : scenario.name();
                MeasuredRoofline linked = linked(roofline, scenario, lane);
                (lane.fromDisk() ? linked.fromDisk() : linked)
                        .bound(scenario.workload())
                        .ifPresent(bound -> bounds.put(name, bound));
            }
        }
        return bounds;
    }

    /** The roofline with what the links of a lane let through to its receivers, each by itself. */
    private static MeasuredRoofline linked(MeasuredRoofline roofline, Scenario scenario, Lane lane) {
        return scenario.links()
                .map(plan -> plan.leaves().entrySet().stream()
                        .filter(leaf ->
                                lane.senders().isEmpty() || lane.senders().contains(leaf.getKey()))
                        .mapToDouble(leaf -> leaf.getValue().bytesPerSecond())
                        .sum())
                .map(rate -> roofline.with(roofline.setting().withLink(rate.longValue())))
                .orElse(roofline);
    }

    private MeasuredRoofline measured() {
        try {
            return StageMeasurement.roofline(options.work(), options.stages());
        } catch (IOException e) {
            throw new BenchException("the stages of this machine: " + e.getMessage(), e);
        }
    }

    /** False where the process is ending, and the hook does the rest. */
    private static boolean forget(Thread hook) {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Map<String, String> described(Collection<String> names) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("scenarios", String.join(" ", names));
        all.put("repetitions", Integer.toString(options.repetitions()));
        all.put("budget", options.budgetSeconds().map(seconds -> seconds + " s").orElse("none"));
        all.put("size", options.sizeBytes().map(Sizes::format).orElse("that of each scenario"));
        all.put("small files", options.fileCount() + " of " + Sizes.format(options.fileBytes()));
        all.put("warm-up", options.warmUp() ? "one more repetition before, not counted" : "none");
        all.put("timeout", options.stepTimeoutSeconds() + " s for each turn");
        all.put("free memory touched before each turn", options.warmMemory() ? "yes" : "no");
        all.put("peers", String.join(" ", options.peers()));
        all.put("security", options.peerOptions().security());
        all.put("profile", options.peerOptions().profile());
        all.put("javaOptions", String.join(" ", options.peerOptions().javaOptions()));
        all.put("harness JDK", System.getProperty("java.vm.version"));
        options.link().ifPresent(link -> all.put("link", link.shape().toString()));
        all.put("seed", Long.toString(options.seed()));
        return all;
    }

    private static Path launcher() {
        String launcher = System.getProperty("kafila.launcher", "");
        if (launcher.isEmpty()) {
            throw new BenchException("-Dkafila.launcher is not set; start the harness by ./kafila bench");
        }
        return Path.of(launcher);
    }
}
