package io.kafila.benchmarks.scenario;

import io.kafila.benchmarks.content.ContentSpec;
import io.kafila.benchmarks.peer.Competitor;
import io.kafila.benchmarks.peer.DaemonCompetitor;
import io.kafila.benchmarks.peer.Fleet;
import io.kafila.benchmarks.peer.Lineup;
import io.kafila.benchmarks.peer.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Content goes from a peer that holds it to one that does not: the source has it before the clock starts; the clock covers
 * the fetch, at whose end all of it is verified and durable at the receiver; its digest is read back afterwards.
 */
public final class Transfers {
    static final String SOURCE = "source0";
    static final String RECEIVER = "receiver0";

    private Transfers() {}

    /** One to one: each competitor by itself, and Kafila with Kubo in both directions. */
    public static Scenario oneToOne(String name, String title, ContentSpec content, Setup setup, Lineup lineup) {
        List<Lane> lanes = new ArrayList<>();
        lanes.add(lane(lineup.kafila(), lineup.kafila()));
        lineup.kubo().forEach(kubo -> lanes.add(lane(kubo, kubo)));
        for (DaemonCompetitor kubo : lineup.kubo()) {
            lanes.add(lane(lineup.kafila(), kubo));
            lanes.add(lane(kubo, lineup.kafila()));
        }
        lineup.others().forEach(other -> lanes.add(lane(other, other)));
        return new Scenario(
                name,
                title,
                new Workload(
                        Workload.Kind.TRANSFER,
                        content.bytes(),
                        content.files(),
                        setup.peers().blockBytes(),
                        setup.peers().security()),
                content,
                true,
                // The content, what each source holds, and what a receiver holds before it is collected.
                content.bytes() * (2 + 2L * lanes.size()),
                setup,
                lanes);
    }

    /** What a report calls the lane of two competitors. */
    public static String laneName(String source, String receiver) {
        return source.equals(receiver) ? source : source + ">" + receiver;
    }

    static Lane lane(Competitor source, Competitor receiver) {
        return Lane.of(laneName(source.name(), receiver.name()), repetition -> {
            Fleet fleet = repetition.fleet();
            String root = fleet.hold(source, SOURCE, repetition.content());
            Peer from = fleet.peer(source, SOURCE);
            Peer to = fleet.peer(receiver, RECEIVER);
            to.connect(from.address());
            repetition.timed(Map.of("source", from, "receiver", to), () -> {
                to.fetch(root);
                return root;
            });
            try {
                repetition.check(to.digest(root, repetition.scratch()));
            } finally {
                to.forget(root);
            }
        });
    }
}
