package io.kafila.benchmarks.peer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the competitors on this machine.
 *
 * @param launcher Kafila's launcher
 * @param kubo Kubo's binary where the user named one; else {@code $KAFILA_KUBO}, else {@code ipfs} on the path
 * @param helia the folder in which Helia is installed
 * @param javaHome JDK of Kafila's daemons
 * @param variables environment variables
 */
public record LineupFinder(
        Path launcher,
        Optional<Path> kubo,
        Optional<Path> helia,
        Optional<Path> javaHome,
        Map<String, String> variables) {
    /** Every name that {@link #find} knows. */
    public static final List<String> NAMES = List.of("kafila", "kubo-flatfs", "kubo-pebble", "helia", "http", "rsync");

    static final String KUBO_VARIABLE = "KAFILA_KUBO";

    /** Those of the wanted names that are here; the name {@code kubo} stands for both of its datastores. */
    public Lineup find(List<String> wanted) {
        List<DaemonCompetitor> kubos = new ArrayList<>();
        List<Competitor> others = new ArrayList<>();
        Map<String, String> absent = new LinkedHashMap<>();
        boolean anyKubo = wanted.stream().anyMatch(name -> name.startsWith("kubo"));
        Optional<Path> ipfs = kubo.or(
                        () -> Optional.ofNullable(variables.get(KUBO_VARIABLE)).map(Path::of))
                .or(() -> onPath("ipfs"));
        if (anyKubo && ipfs.isEmpty()) {
            absent.put(
                    "kubo",
                    "no ipfs on the path; give --kubo PATH, or set " + KUBO_VARIABLE
                            + ", or build it: (cd interop/kubo && go build -o ipfs .)");
        }
        ipfs.ifPresent(path -> {
            if (wants(wanted, "kubo-flatfs")) {
                kubos.add(DaemonCompetitor.kuboFlatfs(path.toAbsolutePath()));
            }
            if (wants(wanted, "kubo-pebble")) {
                kubos.add(DaemonCompetitor.kuboPebble(path.toAbsolutePath()));
            }
        });
        findTools(wanted, others, absent);
        return new Lineup(
                DaemonCompetitor.kafila(launcher.toAbsolutePath(), javaHome.map(Path::toAbsolutePath)),
                kubos,
                others,
                absent);
    }

    private void findTools(List<String> wanted, List<Competitor> others, Map<String, String> absent) {
        if (wanted.contains("helia")) {
            if (helia.isPresent() && Files.isDirectory(helia.get().resolve("node_modules/helia"))) {
                Path home = helia.get().toAbsolutePath();
                others.add(
                        Competitor.of("helia", (folder, site, options) -> new HeliaPeer(home, folder, site, options)));
            } else {
                absent.put(
                        "helia",
                        "no Helia at " + helia.map(Path::toString).orElse("any folder")
                                + "; run npm ci in a copy of interop/helia and give --helia DIR");
            }
        }
        if (wanted.contains("http")) {
            if (onPath("curl").isPresent()) {
                others.add(Competitor.of("http", HttpTool::new));
            } else {
                absent.put("http", "no curl on the path; install the package curl");
            }
        }
        if (wanted.contains("rsync")) {
            if (onPath("rsync").isPresent()) {
                others.add(Competitor.of("rsync", RsyncTool::new));
            } else {
                absent.put("rsync", "no rsync on the path; install the package rsync");
            }
        }
    }

    private static boolean wants(List<String> wanted, String name) {
        return wanted.contains(name) || (name.startsWith("kubo-") && wanted.contains("kubo"));
    }

    private Optional<Path> onPath(String program) {
        for (String folder : variables.getOrDefault("PATH", "").split(":", -1)) {
            Path path = Path.of(folder.isEmpty() ? "." : folder, program);
            if (Files.isExecutable(path) && Files.isRegularFile(path)) {
                return Optional.of(path);
            }
        }
        return Optional.empty();
    }
}
