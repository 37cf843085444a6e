package io.kafila.benchmarks.scenario;

import io.kafila.benchmarks.Cleanup;
import io.kafila.benchmarks.content.ContentSpec;
import io.kafila.benchmarks.peer.Competitor;
import io.kafila.benchmarks.peer.DaemonCompetitor;
import io.kafila.benchmarks.peer.Fleet;
import io.kafila.benchmarks.peer.Lineup;
import io.kafila.benchmarks.peer.Peer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * Content goes from peers that hold it to peers that do not: the sources have it before the clock starts; the clock covers
 * the fetch, at whose end all of it is verified and durable at the receiver; its digest is read back afterwards.
 */
public final class Transfers {
    static final String SOURCE = "source0";
    static final String RECEIVER = "receiver0";

    /** What a lane's name ends in whose source has to read from its disk. */
    private static final String FROM_DISK = "-from-disk";

    private static final String COLD_SOURCE = "source1";

    private static final long WARM_UP_BYTES = 1L << 30;

    private Transfers() {}

    /** Who takes part in a transfer from one peer to another. */
    public enum Pairs {
        /** Each competitor by itself. */
        SAME,
        /** And Kafila with Kubo in both directions. */
        MIXED
    }

    /** Where the sources have what they give. */
    public enum Holding {
        /** In the page cache, since they have read it before the clock starts. */
        IN_MEMORY,
        /** There, and in one more lane Kafila gives what lies where adding it has left it: on the disk. */
        ALSO_ON_DISK
    }

    /**
     * One to one; the peers are connected before the clock starts.
     */
    public static Scenario oneToOne(
            String name, String title, ContentSpec content, Setup setup, Lineup lineup, Pairs pairs, Holding holding) {
        Warmth warmth = new Warmth();
        BiFunction<Competitor, Competitor, Lane> lane =
                (source, receiver) -> Lane.of(laneName(source.name(), receiver.name()), repetition -> {
                    String root = warmth.held(repetition, source, SOURCE);
                    transfer(repetition, source, SOURCE, receiver, root);
                });
        List<Lane> lanes = new ArrayList<>();
        lanes.add(lane.apply(lineup.kafila(), lineup.kafila()));
        lineup.kubo().forEach(kubo -> lanes.add(lane.apply(kubo, kubo)));
        if (pairs == Pairs.MIXED) {
            for (DaemonCompetitor kubo : lineup.kubo()) {
                lanes.add(lane.apply(lineup.kafila(), kubo));
                lanes.add(lane.apply(kubo, lineup.kafila()));
            }
        }
        lineup.others().forEach(other -> lanes.add(lane.apply(other, other)));
        if (holding == Holding.ALSO_ON_DISK) {
            DaemonCompetitor kafila = lineup.kafila();
            lanes.add(Lane.fromDisk(kafila.name() + FROM_DISK, repetition -> {
                String root = repetition.fleet().hold(kafila, COLD_SOURCE, repetition.content());
                transfer(repetition, kafila, COLD_SOURCE, kafila, root);
            }));
        }
        return scenario(name, title, content, setup, lanes, SOURCE, List.of(RECEIVER));
    }

    /**
     * One to one of a single competitor, for content of any size: it is deleted as soon as the source holds it, so that a disk
     * has room for it twice and not three times. It comes from the source's disk, since not every size fits the memory. The warm-up is the same for every size, so that none has colder peers than
     * another.
     */
    public static Scenario ofAnySize(
            String name, String title, ContentSpec content, Setup setup, DaemonCompetitor competitor) {
        Lane lane = Lane.fromDisk(competitor.name(), repetition -> {
            String root = repetition.fleet().hold(competitor, SOURCE, repetition.content());
            repetition.content().close();
            transfer(repetition, competitor, SOURCE, competitor, root);
        });
        return new Scenario(
                name,
                title,
                Workload.of(Workload.Kind.TRANSFER, content, setup),
                content,
                Optional.of(ContentSpec.file(WARM_UP_BYTES)),
                true,
                2 * Math.max(WARM_UP_BYTES, content.bytes()),
                setup.peers(),
                setup.star(SOURCE, List.of(RECEIVER)),
                List.of(lane));
    }

    /** One to one, from nothing but an address and a Cid: the connection is part of the time. */
    public static Scenario cold(String name, String title, ContentSpec content, Setup setup, Lineup lineup) {
        List<Lane> lanes = new ArrayList<>();
        Warmth warmth = new Warmth();
        for (DaemonCompetitor competitor : daemons(lineup)) {
            lanes.add(Lane.of(competitor.name(), repetition -> {
                Fleet fleet = repetition.fleet();
                String root = warmth.held(repetition, competitor, SOURCE);
                Peer from = fleet.peer(competitor, SOURCE);
                var to = fleet.daemon(competitor, RECEIVER);
                String address = fleet.address(competitor, SOURCE, RECEIVER);
                Cleanup forget = forgetting(List.of(to), root);
                try (forget) {
                    Cleanup disconnect = () -> to.disconnect(address);
                    try (disconnect) {
                        repetition.timed(Map.of("source", from, "receiver", to), () -> {
                            to.connect(address);
                            to.fetch(root);
                            return root;
                        });
                    }
                    check(repetition, List.of(to), root);
                }
            }));
        }
        return scenario(name, title, content, setup, lanes, SOURCE, List.of(RECEIVER));
    }

    /** Several sources that all hold the content, one receiver. */
    public static Scenario manyToOne(
            String name, String title, ContentSpec content, Setup setup, Lineup lineup, int sources) {
        List<Lane> lanes = new ArrayList<>();
        Warmth warmth = new Warmth();
        for (DaemonCompetitor competitor : daemons(lineup)) {
            lanes.add(Lane.of(competitor.name(), repetition -> {
                Fleet fleet = repetition.fleet();
                Map<String, Peer> peers = new LinkedHashMap<>();
                Peer to = fleet.peer(competitor, RECEIVER);
                peers.put("receiver", to);
                String root = "";
                for (int i = 0; i < sources; i++) {
                    root = warmth.held(repetition, competitor, "source" + i);
                    peers.put("source" + i, fleet.peer(competitor, "source" + i));
                    to.connect(fleet.address(competitor, "source" + i, RECEIVER));
                }
                String wanted = root;
                Cleanup forget = forgetting(List.of(to), wanted);
                try (forget) {
                    repetition.timed(peers, fetching(to, wanted));
                    check(repetition, List.of(to), wanted);
                }
            }));
        }
        return scenario(name, title, content, setup, lanes, RECEIVER, roles("source", sources));
    }

    /** One source, several receivers that fetch at once and are connected to the source only. */
    public static Scenario oneToMany(
            String name, String title, ContentSpec content, Setup setup, Lineup lineup, int receivers) {
        List<Lane> lanes = new ArrayList<>();
        Warmth warmth = new Warmth();
        for (DaemonCompetitor competitor : daemons(lineup)) {
            lanes.add(Lane.of(competitor.name(), repetition -> {
                Fleet fleet = repetition.fleet();
                String root = warmth.held(repetition, competitor, SOURCE);
                Map<String, Peer> peers = new LinkedHashMap<>();
                peers.put("source", fleet.peer(competitor, SOURCE));
                List<Peer> all = new ArrayList<>();
                List<Callable<String>> fetches = new ArrayList<>();
                for (int i = 0; i < receivers; i++) {
                    Peer to = fleet.peer(competitor, "receiver" + i);
                    to.connect(fleet.address(competitor, SOURCE, "receiver" + i));
                    peers.put("receiver" + i, to);
                    all.add(to);
                    fetches.add(fetching(to, root));
                }
                repetition.moves(repetition.content().bytes() * receivers);
                Cleanup forget = forgetting(all, root);
                try (forget) {
                    repetition.timed(peers, () -> AtOnce.run(fetches, receivers));
                    check(repetition, all, root);
                }
            }));
        }
        return scenario(name, title, content, setup, lanes, SOURCE, roles("receiver", receivers));
    }

    /**
     * The files of one folder from one peer to another, each as a fetch of its own, and a number of them at once.
     *
     * @param widths how many at once; a lane for each
     */
    public static Scenario concurrent(
            String name, String title, ContentSpec content, Setup setup, Lineup lineup, List<Integer> widths) {
        List<Lane> lanes = new ArrayList<>();
        Warmth warmth = new Warmth();
        for (DaemonCompetitor competitor : daemons(lineup)) {
            for (int width : widths) {
                lanes.add(Lane.of(concurrentName(competitor.name(), width), repetition -> {
                    Fleet fleet = repetition.fleet();
                    String folder = warmth.held(repetition, competitor, SOURCE);
                    var from = fleet.daemon(competitor, SOURCE);
                    var to = fleet.daemon(competitor, RECEIVER);
                    List<String> roots = from.entries(folder);
                    to.connect(fleet.address(competitor, SOURCE, RECEIVER));
                    List<Callable<String>> fetches =
                            roots.stream().map(root -> fetching(to, root)).toList();
                    List<String> all = new ArrayList<>(roots);
                    all.add(folder);
                    // The next lane has the same receiver and the same content.
                    Cleanup forget = () -> to.forget(all);
                    try (forget) {
                        repetition.timed(Map.of("source", from, "receiver", to), () -> AtOnce.run(fetches, width));
                        to.fetch(folder);
                        check(repetition, List.of(to), folder);
                    }
                }));
            }
        }
        return scenario(name, title, content, setup, lanes, SOURCE, List.of(RECEIVER));
    }

    /** What a report calls the lane of a number of fetches at once. */
    public static String concurrentName(String competitor, int width) {
        return competitor + "-x" + width;
    }

    /** What a report calls the lane of two competitors. */
    public static String laneName(String source, String receiver) {
        return source.equals(receiver) ? source : source + ">" + receiver;
    }

    /** Of a lane that may be that of two competitors, the name of the one whose side this is. */
    public static String competitor(String laneName, String side) {
        int arrow = laneName.indexOf('>');
        if (arrow < 0) {
            return laneName;
        }
        return side.startsWith("source") ? laneName.substring(0, arrow) : laneName.substring(arrow + 1);
    }

    private static void transfer(
            Repetition repetition, Competitor source, String role, Competitor receiver, String root) throws Exception {
        Fleet fleet = repetition.fleet();
        Peer from = fleet.peer(source, role);
        Peer to = fleet.peer(receiver, RECEIVER);
        String address = fleet.address(source, role, RECEIVER);
        // The next lane may have the same receiver and another source with the same content.
        Cleanup forget = forgetting(List.of(to), root);
        try (forget) {
            Cleanup disconnect = () -> to.disconnect(address);
            try (disconnect) {
                to.connect(address);
                if (to.fetchesByCommand()) {
                    repetition.timedWithCommands(Map.of("source", from), fetching(to, root));
                } else {
                    repetition.timed(Map.of("source", from, "receiver", to), fetching(to, root));
                }
            }
            check(repetition, List.of(to), root);
        }
    }

    private static Callable<String> fetching(Peer to, String root) {
        return () -> {
            to.fetch(root);
            return root;
        };
    }

    /** Checks what each receiver has. */
    private static void check(Repetition repetition, List<Peer> receivers, String root) {
        receivers.forEach(receiver -> repetition.check(receiver.digest(root, repetition.scratch())));
    }

    /** Has each receiver let go what it has of a fetch, whole or in part. */
    private static Cleanup forgetting(List<Peer> receivers, String root) {
        return Cleanup.all(receivers.stream()
                .map(receiver -> (Cleanup) () -> receiver.forget(root))
                .toList());
    }

    private static List<String> roles(String kind, int count) {
        return IntStream.range(0, count).mapToObj(i -> kind + i).toList();
    }

    private static List<DaemonCompetitor> daemons(Lineup lineup) {
        List<DaemonCompetitor> daemons = new ArrayList<>();
        daemons.add(lineup.kafila());
        daemons.addAll(lineup.kubo());
        return daemons;
    }

    private static Scenario scenario(
            String name,
            String title,
            ContentSpec content,
            Setup setup,
            List<Lane> lanes,
            String hub,
            List<String> others) {
        Workload workload = Workload.of(Workload.Kind.TRANSFER, content, setup);
        // The content, what each source holds, and what the receivers of one lane hold before it is collected.
        long disk = content.bytes() * (2L + (lanes.size() + 2L) * others.size());
        return new Scenario(name, title, workload, content, true, disk, setup.peers(), setup.star(hub, others), lanes);
    }
}
