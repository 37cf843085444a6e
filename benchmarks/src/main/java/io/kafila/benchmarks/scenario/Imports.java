package io.kafila.benchmarks.scenario;

import io.kafila.benchmarks.content.ContentSpec;
import io.kafila.benchmarks.peer.Competitor;
import io.kafila.benchmarks.peer.Daemon;
import io.kafila.benchmarks.peer.DaemonCompetitor;
import io.kafila.benchmarks.peer.Lineup;
import io.kafila.benchmarks.peer.OfflineRepo;
import io.kafila.benchmarks.peer.Peer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Content is added by each competitor's own command line; it is durable when the command ends, but for Kubo's flatfs, which
 * leaves that to the kernel. The start of the command is
 * part of the time. Afterwards the content is read back and its digest compared.
 */
public final class Imports {
    /** The lane that only hashes a file. */
    public static final String HASH_ALONE = "hash-alone";

    private static final String ROLE = "source0";

    private Imports() {}

    /** One file, or a folder of many, while the daemon runs. */
    public static Scenario imports(String name, String title, ContentSpec content, Setup setup, Lineup lineup) {
        List<Lane> lanes = lanes(lineup, each -> each, Peer::hold);
        return scenario(name, title, Workload.Kind.IMPORT, content, setup, lanes);
    }

    /** The same by a command on the repo itself. */
    public static Scenario withoutDaemon(String name, String title, ContentSpec content, Setup setup, Lineup lineup) {
        List<Lane> lanes = lanes(lineup, OfflineRepo::of, Peer::hold);
        return scenario(name, title, Workload.Kind.IMPORT, content, setup, lanes);
    }

    /** A file that stays where it is, beside the hashing of it alone on all cores. */
    public static Scenario noCopy(String name, String title, ContentSpec content, Setup setup, Lineup lineup) {
        List<Lane> lanes = lanes(lineup, each -> each, (peer, path) -> ((Daemon) peer).holdWithoutCopy(path));
        lanes.add(Lane.of(HASH_ALONE, repetition -> {
            Path file = repetition.content().path();
            repetition.timedWithHarness(
                    Map.of(), () -> PlainFile.hashOnAllCores(file, setup.peers().blockBytes()));
        }));
        return scenario(name, title, Workload.Kind.IMPORT_NOCOPY, content, setup, lanes);
    }

    private static Scenario scenario(
            String name, String title, Workload.Kind kind, ContentSpec content, Setup setup, List<Lane> lanes) {
        Workload workload = Workload.of(kind, content, setup);
        // The content, its blocks, and what is written to check them.
        return new Scenario(
                name, title, workload, content, true, content.bytes() * 4, setup.peers(), Optional.empty(), lanes);
    }

    private static List<Lane> lanes(
            Lineup lineup,
            java.util.function.Function<DaemonCompetitor, Competitor> form,
            BiFunction<Peer, Path, String> add) {
        List<DaemonCompetitor> daemons = new ArrayList<>();
        daemons.add(lineup.kafila());
        daemons.addAll(lineup.kubo());
        List<Lane> lanes = new ArrayList<>();
        for (DaemonCompetitor daemon : daemons) {
            Competitor competitor = form.apply(daemon);
            lanes.add(Lane.of(competitor.name(), repetition -> {
                Peer peer = repetition.fleet().peer(competitor, ROLE);
                Path path = repetition.content().path();
                String root = repetition.timedWithCommands(Map.of("daemon", peer), () -> add.apply(peer, path));
                try {
                    repetition.check(peer.digest(root, repetition.scratch()));
                } finally {
                    peer.forget(root);
                }
            }));
        }
        return lanes;
    }
}
