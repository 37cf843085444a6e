package io.kafila.benchmarks;

import io.kafila.benchmarks.link.LinkOptions;
import io.kafila.benchmarks.peer.LineupFinder;
import io.kafila.benchmarks.peer.PeerOptions;
import io.kafila.benchmarks.roofline.StageMeasurementOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that all runs share. */
final class OptionsMixin {
    static final int REPETITIONS = 5;
    static final int FILES = 10_000;

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            description = "Size of a large file, such as 512MiB. Default: that of each scenario, 1 GiB for most"
                    + " transfers and 4 GiB for imports and reads; " + (BenchCommand.Quick.SIZE_BYTES >> 20)
                    + "MiB for quick.")
    private Optional<String> size = Optional.empty();

    @Option(
            names = "--sizes",
            paramLabel = "SIZE",
            split = ",",
            defaultValue = "256MiB,1GiB,4GiB",
            description = "Sizes of a sweep. Default: ${DEFAULT-VALUE}.")
    private List<String> sizes = List.of();

    @Option(
            names = "--files",
            paramLabel = "N",
            description = "How many small files. Default: " + FILES + "; " + BenchCommand.Quick.FILES + " for quick.")
    private Optional<Integer> files = Optional.empty();

    @Option(
            names = "--file-size",
            paramLabel = "SIZE",
            defaultValue = "10KiB",
            description = "Size of a small file. Default: ${DEFAULT-VALUE}.")
    private String fileSize = "10KiB";

    @Option(
            names = {"-n", "--repetitions"},
            paramLabel = "N",
            description = "Counted repetitions of each competitor; one more warms up. Default: " + REPETITIONS + "; "
                    + BenchCommand.Quick.REPETITIONS + " for quick.")
    private Optional<Integer> repetitions = Optional.empty();

    @Option(
            names = "--no-warm-up",
            negatable = true,
            description = "--warm-up, the default, begins with a repetition that is not counted. --no-warm-up leaves it"
                    + " out: what the first one costs is then in the figures.")
    private boolean warmUp = true;

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            description = "Time for all scenarios, such as 20m. When a scenario's part of it is over no further"
                    + " repetition begins, and the report says how many were done. Default: none for run, 8m for each"
                    + " goal of shows, 3m for quick.")
    private Optional<String> budget = Optional.empty();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "10m",
            description =
                    "Time that one turn of one competitor may take; more is a failure. Default: ${DEFAULT-VALUE}.")
    private String timeout = "10m";

    @Option(
            names = "--peers",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "kubo",
            description = "Competitors beside Kafila: kubo (both datastores), kubo-flatfs, kubo-pebble, helia, http,"
                    + " rsync, or none. Default: ${DEFAULT-VALUE}.")
    private List<String> peers = List.of("kubo");

    @Option(
            names = "--kubo",
            paramLabel = "PATH",
            description = "Kubo's ipfs. Default: $KAFILA_KUBO, else ipfs on the path.")
    private Optional<Path> kubo = Optional.empty();

    @Option(names = "--helia", paramLabel = "DIR", description = "A copy of interop/helia after npm ci.")
    private Optional<Path> helia = Optional.empty();

    @Option(
            names = "--security",
            paramLabel = "tls|noise",
            defaultValue = "tls",
            description = "The one secure channel of all peers. Default: ${DEFAULT-VALUE}.")
    private String security = "tls";

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            defaultValue = PeerOptions.PROFILE,
            description = "CID profile: unixfs-v1-2025, with blocks of 1 MiB, or unixfs-v0-2015, with 256 KiB. Default:"
                    + " ${DEFAULT-VALUE}.")
    private String profile = PeerOptions.PROFILE;

    @Option(
            names = "--java-home",
            paramLabel = "DIR",
            description =
                    "JDK of Kafila's daemons and commands. Default: that of the harness, in whose own JVM kafila-reader,"
                            + " plain-file and hash-alone run in any case.")
    private Optional<Path> javaHome = Optional.empty();

    @Option(
            names = "--java-opts",
            paramLabel = "OPTIONS",
            defaultValue = "-Xmx128m",
            description =
                    "Options for the JVM of Kafila's daemons and commands, not of kafila-reader. Default: ${DEFAULT-VALUE}.")
    private String javaOptions = "-Xmx128m";

    @Option(
            names = "--link",
            paramLabel = "WORDS",
            description = "An emulated link between the peers of transfers, such as rtt:100ms,rate:1gbit,loss:0.1%%."
                    + " Also buffers:32MiB or buffers:default (the most that TCP buffers), congestion:bbr, mtu:1500,"
                    + " carrier:proxy. Network namespaces where this user may make them, else a delaying proxy.")
    private Optional<String> link = Optional.empty();

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Seed of all content. Default: 1.")
    private long seed = 1;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "Folder for results.json and report.html. Default: bench-<date and time> in this folder.")
    private Optional<Path> output = Optional.empty();

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description = "Folder for repos and content, on the disk that is to be measured; it must not exist, and is"
                    + " deleted at the end. Default: work in the output folder.")
    private Optional<Path> work = Optional.empty();

    @Option(
            names = "--no-warm-memory",
            negatable = true,
            description = "--warm-memory, the default, touches all free memory before each turn. --no-warm-memory does"
                    + " not: on a virtual machine the figures then are those of its first touch of memory.")
    private boolean warmMemory = true;

    @Option(
            names = "--no-roofline",
            negatable = true,
            description = "--roofline, the default, measures the stages of the machine alone first. --no-roofline does"
                    + " not, and no share of the bound is told.")
    private boolean roofline = true;

    BenchOptions options(CommandLine line) {
        return options(line, REPETITIONS, 0, FILES, "");
    }

    /**
     * What was asked for.
     *
     * @param usualSize size of large files; 0 for those of each scenario
     * @param usualBudget empty for none
     */
    BenchOptions options(CommandLine line, int usualRepetitions, long usualSize, int usualFiles, String usualBudget) {
        try {
            for (String name : peers) {
                if (!LineupFinder.NAMES.contains(name) && !name.equals("kubo") && !name.equals("none")) {
                    throw new IllegalArgumentException("no competitor is named " + name + "; want kubo, none or of "
                            + String.join(", ", LineupFinder.NAMES));
                }
            }
            Optional<Long> bytes =
                    size.map(Sizes::parse).or(() -> usualSize == 0 ? Optional.empty() : Optional.of(usualSize));
            Path folder = output.orElseGet(() -> Path.of("bench-"
                            + DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT)
                                    .format(LocalDateTime.now(ZoneId.systemDefault()))))
                    .toAbsolutePath()
                    .normalize();
            requireFolder("--output", folder);
            javaHome.ifPresent(OptionsMixin::requireJdk);
            String time = budget.orElse(usualBudget);
            Duration step = duration(timeout);
            return new BenchOptions(
                    bytes,
                    sizes.stream().map(Sizes::parse).toList(),
                    positive("files", files.orElse(usualFiles)),
                    Sizes.parse(fileSize),
                    positive("repetitions", repetitions.orElse(usualRepetitions)),
                    warmUp,
                    time.isEmpty()
                            ? Optional.empty()
                            : Optional.of(duration(time).toSeconds()),
                    step.toSeconds(),
                    seed,
                    folder,
                    work.map(path -> path.toAbsolutePath().normalize()).orElse(folder.resolve("work")),
                    peers,
                    kubo,
                    helia,
                    javaHome,
                    new PeerOptions(
                            security, profile, Arrays.asList(javaOptions.strip().split("\\s+")), step),
                    link.map(words -> LinkOptions.parse(words).withSeed(seed)),
                    warmMemory,
                    roofline,
                    usualSize == 0 ? StageMeasurementOptions.DEFAULT : StageMeasurementOptions.QUICK);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(line, String.valueOf(e.getMessage()), e);
        }
    }

    private static int positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + ", want at least 1");
        }
        return value;
    }

    /** What is there of a path has to be a folder, so that the rest can be made. */
    private static void requireFolder(String option, Path path) {
        Path there = path;
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        if (there != null && !Files.isDirectory(there)) {
            throw new IllegalArgumentException(option + ": " + there + " is a file, want a folder");
        }
    }

    private static void requireJdk(Path home) {
        Path java = home.resolve("bin/java");
        if (!Files.isRegularFile(java) || !Files.isExecutable(java)) {
            throw new IllegalArgumentException("--java-home: " + home + " has no bin/java, want the folder of a JDK");
        }
    }

    /** {@code 90s}, {@code 20m} or {@code 1h}. */
    static Duration duration(String text) {
        if (!text.matches("\\d{1,6}[smh]")) {
            throw new IllegalArgumentException("time: " + text + ", want a number with s, m or h, such as 20m");
        }
        long value = Long.parseLong(text.substring(0, text.length() - 1));
        return switch (text.charAt(text.length() - 1)) {
            case 's' -> Duration.ofSeconds(value);
            case 'm' -> Duration.ofMinutes(value);
            default -> Duration.ofHours(value);
        };
    }
}
