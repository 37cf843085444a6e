package io.kafila.benchmarks.peer;

import io.kafila.benchmarks.UsageException;
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

    /**
     * Those of the wanted names that are here; the name {@code kubo} stands for both of its datastores.
     *
     * @throws UsageException where the user named a binary that is none
     */
    public Lineup find(List<String> wanted) {
        List<DaemonCompetitor> kubos = new ArrayList<>();
        List<Competitor> others = new ArrayList<>();
        Map<String, String> absent = new LinkedHashMap<>();
        boolean anyKubo = wanted.stream().anyMatch(name -> name.startsWith("kubo"));
        Optional<Path> ipfs = anyKubo ? ipfs() : Optional.empty();
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

    private Optional<Path> ipfs() {
        if (kubo.isPresent()) {
            return Optional.of(named("--kubo", kubo.get()));
        }
        String variable = variables.getOrDefault(KUBO_VARIABLE, "");
        return variable.isEmpty() ? onPath("ipfs") : Optional.of(named("$" + KUBO_VARIABLE, Path.of(variable)));
    }

    private static Path named(String how, Path path) {
        if (!isProgram(path)) {
            throw new UsageException(how + ": " + path.toAbsolutePath()
                    + " is no program; name Kubo's ipfs, or build it: (cd interop/kubo && go build -o ipfs .)");
        }
        return path;
    }

    private static boolean isProgram(Path path) {
        return Files.isRegularFile(path) && Files.isExecutable(path);
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
                String hasher = HttpTool.hasher(onPath("openssl").isPresent());
                others.add(
                        Competitor.of("http", (folder, site, options) -> new HttpTool(folder, site, options, hasher)));
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
            if (isProgram(path)) {
                return Optional.of(path);
            }
        }
        return Optional.empty();
    }
}
