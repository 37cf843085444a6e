package io.kafila.benchmarks.shows;

import io.kafila.benchmarks.peer.DaemonCompetitor;
import io.kafila.benchmarks.report.Sides;
import io.kafila.benchmarks.scenario.Beginnings;
import io.kafila.benchmarks.scenario.Imports;
import io.kafila.benchmarks.scenario.Reads;
import io.kafila.benchmarks.scenario.ScenarioResult;
import io.kafila.benchmarks.scenario.ScenarioResult.LaneResult;
import io.kafila.benchmarks.scenario.Sources;
import io.kafila.benchmarks.scenario.Sources.Bad;
import io.kafila.benchmarks.scenario.Statistics;
import io.kafila.benchmarks.scenario.Transfers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The goals of the project by number: what scenarios show them, and whether they are reached. */
public final class Shows {
    /** What is called flat: the dearest GiB of a sweep over the cheapest. */
    private static final double FLAT = 1.15;
    /** What the total of many fetches at once may lose against one. */
    private static final double STEADY = 0.95;

    private static final String KAFILA = DaemonCompetitor.KAFILA;
    private static final double MIB = 1 << 20;

    /** The scenarios of each goal. */
    private static final Map<Integer, List<String>> SCENARIOS = new TreeMap<>(Map.of(
            1, List.of("transfer", "transfer-noise"),
            2, List.of("import", "import-nocopy"),
            3, List.of("read", "read-random"),
            4, List.of("far-100ms", "far-untuned", "far-lossy", "far-first-tensor"),
            5, List.of("sources"),
            6, List.of("import-small", "transfer-small"),
            7, List.of("transfer", "import", "import-small"),
            8, List.of("sweep", "concurrent")));

    private Shows() {}

    public static Collection<Integer> numbers() {
        return SCENARIOS.keySet();
    }

    /** The names of the scenarios that some goals need, each once. */
    public static List<String> scenarios(Collection<Integer> shows) {
        return shows.stream()
                .flatMap(show -> Objects.requireNonNull(SCENARIOS.get(show), () -> "no goal " + show).stream())
                .distinct()
                .toList();
    }

    /** Judges some goals. */
    public static List<Verdict> judge(Collection<Integer> shows, Evidence evidence) {
        List<Verdict> verdicts = new ArrayList<>();
        for (int show : shows) {
            verdicts.addAll(
                    switch (show) {
                        case 1 -> transfers(evidence);
                        case 2 -> imports(evidence);
                        case 3 -> reads(evidence);
                        case 4 -> longLinks(evidence);
                        case 5 -> sources(evidence);
                        case 6 -> smallFiles(evidence);
                        case 7 -> costs(evidence);
                        case 8 -> flatness(evidence);
                        default -> throw new IllegalArgumentException("no goal " + show);
                    });
        }
        return verdicts;
    }

    private static List<Verdict> transfers(Evidence evidence) {
        double kubo = evidence.kuboRate("transfer");
        String better = evidence.kubo("transfer").map(LaneResult::name).orElse("kubo");
        return List.of(
                Verdict.atLeast(1, "transfer over TLS beside Kubo's", evidence.rate("transfer", KAFILA) / kubo, 3, "x"),
                Verdict.atLeast(1, "share of the bound", evidence.share("transfer", KAFILA) * 100, 65, "%"),
                Verdict.atLeast(
                        1,
                        "transfer over Noise beside Kubo's",
                        evidence.rate("transfer-noise", KAFILA) / evidence.kuboRate("transfer-noise"),
                        2.5,
                        "x"),
                Verdict.atLeast(
                        1,
                        "Kafila to " + better + " beside Kubo's",
                        evidence.rate("transfer", Transfers.laneName(KAFILA, better)) / kubo,
                        1.2,
                        "x"),
                Verdict.atLeast(
                        1,
                        better + " to Kafila beside Kubo's",
                        evidence.rate("transfer", Transfers.laneName(better, KAFILA)) / kubo,
                        1.2,
                        "x"));
    }

    private static List<Verdict> imports(Evidence evidence) {
        return List.of(
                Verdict.atLeast(
                        2,
                        "import beside ipfs add",
                        evidence.rate("import", KAFILA) / evidence.kuboRate("import"),
                        4,
                        "x"),
                Verdict.atLeast(2, "share of the bound", evidence.share("import", KAFILA) * 100, 70, "%"),
                Verdict.atLeast(
                        2,
                        "import without a copy beside hashing alone",
                        evidence.rate("import-nocopy", KAFILA)
                                / evidence.rate("import-nocopy", Imports.HASH_ALONE)
                                * 100,
                        85,
                        "%"));
    }

    private static List<Verdict> reads(Evidence evidence) {
        return List.of(
                Verdict.atLeast(
                        3,
                        "sequential read beside ipfs cat",
                        evidence.rate("read", Reads.READER) / evidence.kuboRate("read"),
                        3,
                        "x"),
                Verdict.atLeast(
                        3,
                        "random reads of 1 MiB beside those of a plain file",
                        evidence.rate("read-random", Reads.READER) / evidence.rate("read-random", Reads.PLAIN) * 100,
                        80,
                        "%"));
    }

    private static List<Verdict> longLinks(Evidence evidence) {
        double trips = evidence.lane("far-first-tensor", KAFILA)
                .map(lane -> lane.figure(Beginnings.FIRST_BYTE_OVER_NEEDED).median())
                .orElse(Double.NaN);
        return List.of(
                Verdict.atLeast(
                        4,
                        "share of a link of 1 Gbit/s and 100 ms",
                        evidence.share("far-100ms", KAFILA) * 100,
                        85,
                        "%"),
                Verdict.atLeast(
                        4,
                        "transfer with a loss of 0.1 % beside Kubo's",
                        evidence.rate("far-lossy", KAFILA) / evidence.kuboRate("far-lossy"),
                        3,
                        "x"),
                Verdict.atMost(
                        4, "time to the first byte over the round trips that the protocols need", trips, 1.3, "x"));
    }

    private static List<Verdict> sources(Evidence evidence) {
        double one = evidence.rate("sources", Sources.laneName(KAFILA, 1, Bad.NONE));
        double three = evidence.rate("sources", Sources.laneName(KAFILA, 3, Bad.NONE));
        double four = evidence.rate("sources", Sources.laneName(KAFILA, 4, Bad.NONE));
        double slow = evidence.rate("sources", Sources.laneName(KAFILA, 3, Bad.SLOW));
        double dead = evidence.rate("sources", Sources.laneName(KAFILA, 3, Bad.DEAD));
        return List.of(
                Verdict.atLeast(5, "four sources over one", four / one, 3.6, "x"),
                Verdict.atMost(5, "time of three sources and a slow one over that of three", three / slow, 1.1, "x"),
                Verdict.atMost(
                        5, "time of three sources and one that dies over that of three", three / dead, 1.1, "x"));
    }

    private static List<Verdict> smallFiles(Evidence evidence) {
        return List.of(
                Verdict.atLeast(
                        6,
                        "import of small files beside Kubo's",
                        evidence.rate("import-small", KAFILA) / evidence.kuboRate("import-small"),
                        2,
                        "x"),
                Verdict.atLeast(
                        6,
                        "transfer of small files beside Kubo's",
                        evidence.rate("transfer-small", KAFILA) / evidence.kuboRate("transfer-small"),
                        2,
                        "x"));
    }

    private static List<Verdict> costs(Evidence evidence) {
        double peak = evidence.results().stream()
                .flatMap(result -> result.lanes().stream())
                .mapToLong(lane -> Sides.peakAnonBytes(lane, KAFILA))
                .max()
                .orElse(0);
        return List.of(
                Verdict.atMost(
                        7, "most RssAnon of any Kafila daemon", peak == 0 ? Double.NaN : peak / MIB, 400, " MiB"),
                cpu(evidence, "transfer"),
                cpu(evidence, "import"),
                written(evidence, "transfer", 1.05),
                written(evidence, "import", 1.05),
                written(evidence, "import-small", 1.5));
    }

    private static Verdict cpu(Evidence evidence, String scenario) {
        double kafila = evidence.lane(scenario, KAFILA)
                .map(lane -> lane.cpuSecondsPerGib().median())
                .orElse(Double.NaN);
        double kubo = evidence.kubo(scenario)
                .map(lane -> lane.cpuSecondsPerGib().median())
                .orElse(Double.NaN);
        return Verdict.atMost(7, scenario + ": CPU seconds per GiB beside Kubo's", kafila / kubo * 100, 60, "%");
    }

    private static Verdict written(Evidence evidence, String scenario, double target) {
        double written = evidence.lane(scenario, KAFILA)
                .map(lane -> Sides.written(lane).median())
                .orElse(Double.NaN);
        return Verdict.atMost(7, scenario + ": bytes written per byte", written, target, "");
    }

    private static List<Verdict> flatness(Evidence evidence) {
        Statistics costs = Statistics.of(evidence.results().stream()
                .filter(result -> result.name().startsWith("sweep-"))
                .flatMap(result -> result.lane(KAFILA).stream())
                .filter(lane -> !lane.good().isEmpty())
                .mapToDouble(lane -> lane.cpuSecondsPerGib().median()));
        return List.of(
                Verdict.atMost(
                        8, "dearest size over cheapest, CPU seconds per GiB", costs.max() / costs.min(), FLAT, "x"),
                Verdict.atLeast(8, "worst total of many fetches at once over one", steadiness(evidence), STEADY, "x"));
    }

    private static double steadiness(Evidence evidence) {
        double one = evidence.rate("concurrent", Transfers.concurrentName(KAFILA, 1));
        Statistics all = Statistics.of(evidence.scenario("concurrent").stream()
                .map(ScenarioResult::lanes)
                .flatMap(List::stream)
                .filter(lane ->
                        lane.name().startsWith(KAFILA + "-x") && !lane.good().isEmpty())
                .mapToDouble(lane -> lane.bytesPerSecond().median()));
        return all.min() / one;
    }
}
