package io.kafila.benchmarks.scenario;

import io.kafila.benchmarks.BenchException;
import io.kafila.benchmarks.Cleanup;
import io.kafila.benchmarks.content.ContentSpec;
import io.kafila.benchmarks.link.LinkOptions;
import io.kafila.benchmarks.link.LinkShape;
import io.kafila.benchmarks.link.StarPlan;
import io.kafila.benchmarks.peer.Daemon;
import io.kafila.benchmarks.peer.DaemonCompetitor;
import io.kafila.benchmarks.peer.Fleet;
import io.kafila.benchmarks.peer.Lineup;
import io.kafila.benchmarks.peer.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A receiver and several sources, each at the end of a link of its own that is slower than all of them: how much more
 * several give than one, and what a bad one among good ones costs.
 *
 * <p>The slow source has a twentieth of the rate of the others and a round trip of 200 ms. The dead one is stopped where it
 * hurts most: after a third of the time that the good ones need, with wants on it, and its connection stays open.
 */
public final class Sources {
    /** All the good ones. */
    private static final int GOOD = 4;
    /** The good ones beside a bad one. */
    private static final int BESIDE = 3;

    private static final String SLOW = "source4";
    private static final String DEAD = "source5";
    private static final int SLOWER = 20;
    private static final Duration SLOW_ROUND_TRIP = Duration.ofMillis(200);
    private static final int STOPPED_AFTER = 3;
    private static final double NANOS = 1e9;

    private Sources() {}

    /** What a bad source is. */
    public enum Bad {
        NONE(""),
        SLOW("+slow"),
        DEAD("+dead");

        private final String label;

        Bad(String label) {
            this.label = label;
        }
    }

    /** What a report calls the lane of so many good sources and maybe a bad one. */
    public static String laneName(String competitor, int good, Bad bad) {
        return competitor + "-x" + good + bad.label;
    }

    /** Each with one, three and four good sources, and with three and a bad one. */
    public static Scenario shaped(
            String name, String title, ContentSpec content, Setup setup, LinkOptions link, Lineup lineup) {
        Map<String, LinkShape> leaves = new LinkedHashMap<>();
        for (int i = 0; i < GOOD; i++) {
            leaves.put("source" + i, link.shape());
        }
        leaves.put(SLOW, LinkShape.of(SLOW_ROUND_TRIP, link.shape().bitsPerSecond() / SLOWER));
        leaves.put(DEAD, link.shape());
        StarPlan plan = link.star(Transfers.RECEIVER, leaves);
        List<Lane> lanes = new ArrayList<>();
        Warmth warmth = new Warmth();
        List<DaemonCompetitor> competitors = new ArrayList<>();
        competitors.add(lineup.kafila());
        competitors.addAll(lineup.kubo());
        for (DaemonCompetitor competitor : competitors) {
            lanes.add(lane(competitor, 1, Bad.NONE, link, warmth));
            lanes.add(lane(competitor, BESIDE, Bad.NONE, link, warmth));
            lanes.add(lane(competitor, GOOD, Bad.NONE, link, warmth));
            lanes.add(lane(competitor, BESIDE, Bad.SLOW, link, warmth));
            lanes.add(lane(competitor, BESIDE, Bad.DEAD, link, warmth));
        }
        Workload workload = Workload.of(Workload.Kind.TRANSFER, content, setup);
        long disk = content.bytes() * (leaves.size() + 3L) * (1 + lineup.kubo().size());
        return new Scenario(name, title, workload, content, true, disk, setup.peers(), Optional.of(plan), lanes);
    }

    private static Lane lane(DaemonCompetitor competitor, int good, Bad bad, LinkOptions link, Warmth warmth) {
        Set<String> roles = new LinkedHashSet<>();
        for (int i = 0; i < good; i++) {
            roles.add("source" + i);
        }
        switch (bad) {
            case NONE -> {}
            case SLOW -> roles.add(SLOW);
            case DEAD -> roles.add(DEAD);
        }
        return Lane.from(roles, laneName(competitor.name(), good, bad), repetition -> {
            Fleet fleet = repetition.fleet();
            Daemon to = fleet.daemon(competitor, Transfers.RECEIVER);
            Map<String, Peer> peers = new LinkedHashMap<>();
            peers.put("receiver", to);
            List<String> addresses = new ArrayList<>();
            String root = "";
            for (String role : roles) {
                root = warmth.held(repetition, competitor, role);
                peers.put(role, fleet.peer(competitor, role));
                addresses.add(fleet.address(competitor, role, Transfers.RECEIVER));
            }
            String wanted = root;
            List<Cleanup> steps = new ArrayList<>();
            steps.add(() -> to.forget(wanted));
            addresses.forEach(address -> steps.add(() -> to.disconnect(address)));
            Cleanup atEnd = Cleanup.all(steps);
            try (atEnd) {
                addresses.forEach(to::connect);
                if (bad == Bad.DEAD) {
                    double seconds =
                            repetition.content().bytes() / (link.shape().bytesPerSecond() * good);
                    Duration after = Duration.ofNanos((long) (seconds / STOPPED_AFTER * NANOS));
                    Daemon victim = fleet.daemon(competitor, DEAD);
                    repetition.timed(peers, () -> fetchWhileOneDies(to, wanted, victim, after));
                } else {
                    repetition.timed(peers, () -> {
                        to.fetch(wanted);
                        return wanted;
                    });
                }
                repetition.check(to.digest(wanted, repetition.scratch()));
            }
        });
    }

    private static String fetchWhileOneDies(Daemon to, String root, Daemon victim, Duration after) throws Exception {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try {
            var stopped = timer.schedule(victim::suspend, after.toNanos(), TimeUnit.NANOSECONDS);
            to.fetch(root);
            if (!stopped.isDone()) {
                throw new BenchException("the fetch was over before its source was to be stopped");
            }
            stopped.get();
            return root;
        } finally {
            timer.shutdownNow();
            victim.resume();
        }
    }
}
