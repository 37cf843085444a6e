package io.kafila.benchmarks.peer;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Kafila or Kubo.
 *
 * @param name what a report calls it
 * @param program its command
 * @param initProfiles profiles for a new repo, besides the CID profile
 * @param javaHome the JDK of a Kafila daemon, where it is not that of the harness
 */
public record DaemonCompetitor(String name, Path program, List<String> initProfiles, Optional<Path> javaHome)
        implements Competitor {
    /** The name of ours. */
    public static final String KAFILA = "kafila";

    public DaemonCompetitor {
        initProfiles = List.copyOf(initProfiles);
    }

    /** Ours, from its launcher. */
    public static DaemonCompetitor kafila(Path launcher, Optional<Path> javaHome) {
        return new DaemonCompetitor(KAFILA, launcher, List.of("test"), javaHome);
    }

    /** Kubo with its default datastore, a file for each block. */
    public static DaemonCompetitor kuboFlatfs(Path ipfs) {
        return new DaemonCompetitor("kubo-flatfs", ipfs, List.of("test"), Optional.empty());
    }

    /** Kubo with the Pebble datastore. */
    public static DaemonCompetitor kuboPebble(Path ipfs) {
        return new DaemonCompetitor("kubo-pebble", ipfs, List.of("test", "pebbleds"), Optional.empty());
    }

    /** The program with the environment that the options ask for. */
    public Daemon.Kind kind(PeerOptions options) {
        if (!name.equals(KAFILA)) {
            return new Daemon.Kind(name, program, initProfiles, Map.of());
        }
        return new Daemon.Kind(
                name,
                program,
                initProfiles,
                Map.of(
                        "JAVA_OPTS", String.join(" ", options.javaOptions()),
                        "JAVA_HOME", javaHome.map(Path::toString).orElse(System.getProperty("java.home"))));
    }

    @Override
    public Daemon start(Path folder, Site site, PeerOptions options) {
        return Daemon.start(kind(options), folder, site, options);
    }
}
