package io.kafila.benchmarks.scenario;

import io.kafila.benchmarks.content.ContentSpec;
import io.kafila.benchmarks.peer.Daemon;
import io.kafila.benchmarks.peer.DaemonCompetitor;
import io.kafila.benchmarks.peer.Lineup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Content is added by each competitor's own command line while its daemon runs; it is durable when the command ends. */
public final class Imports {
    private static final String ROLE = "source0";

    private Imports() {}

    /** One file, or a folder of many. */
    public static Scenario imports(String name, String title, ContentSpec content, Setup setup, Lineup lineup) {
        List<Lane> lanes = new ArrayList<>();
        lanes.add(lane(lineup.kafila()));
        lineup.kubo().forEach(kubo -> lanes.add(lane(kubo)));
        return scenario(name, title, Workload.Kind.IMPORT, content, setup, lanes);
    }

    /** A file that stays where it is. */
    public static Scenario noCopy(String name, String title, ContentSpec content, Setup setup, Lineup lineup) {
        List<Lane> lanes = new ArrayList<>();
        lanes.add(noCopyLane(lineup.kafila()));
        lineup.kubo().forEach(kubo -> lanes.add(noCopyLane(kubo)));
        return scenario(name, title, Workload.Kind.IMPORT_NOCOPY, content, setup, lanes);
    }

    private static Scenario scenario(
            String name, String title, Workload.Kind kind, ContentSpec content, Setup setup, List<Lane> lanes) {
        return new Scenario(
                name,
                title,
                new Workload(
                        kind,
                        content.bytes(),
                        content.files(),
                        setup.peers().blockBytes(),
                        setup.peers().security()),
                content,
                true,
                content.bytes() * 4,
                setup,
                lanes);
    }

    private static Lane lane(DaemonCompetitor competitor) {
        return Lane.of(competitor.name(), repetition -> {
            Daemon daemon = repetition.fleet().daemon(competitor, ROLE);
            String root = repetition.timedWithCommands(
                    Map.of("daemon", daemon),
                    () -> daemon.hold(repetition.content().path()));
            check(repetition, daemon, root);
        });
    }

    private static Lane noCopyLane(DaemonCompetitor competitor) {
        return Lane.of(competitor.name(), repetition -> {
            Daemon daemon = repetition.fleet().daemon(competitor, ROLE);
            String root = repetition.timedWithCommands(
                    Map.of("daemon", daemon),
                    () -> daemon.holdWithoutCopy(repetition.content().path()));
            check(repetition, daemon, root);
        });
    }

    private static void check(Repetition repetition, Daemon daemon, String root) {
        try {
            repetition.check(daemon.digest(root, repetition.scratch()));
        } finally {
            daemon.forget(root);
        }
    }
}
