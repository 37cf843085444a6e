package io.kafila.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.benchmarks.BenchException;
import io.kafila.benchmarks.content.ContentMaker;
import io.kafila.benchmarks.peer.Carried;
import io.kafila.benchmarks.peer.Competitor;
import io.kafila.benchmarks.peer.Fleet;
import io.kafila.benchmarks.peer.Peer;
import io.kafila.benchmarks.peer.PeerOptions;
import io.kafila.benchmarks.peer.Site;
import io.kafila.benchmarks.peer.Topology;
import io.kafila.benchmarks.scenario.ScenarioResult.LaneResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConductorTest {
    @TempDir
    private Path folder;

    private final AtomicLong time = new AtomicLong();
    private final List<String> turns = Collections.synchronizedList(new ArrayList<>());

    private ScenarioResult conduct(Pace pace, Lane... lanes) {
        return conduct(Topology.LOCAL, pace, lanes);
    }

    private ScenarioResult conduct(Topology topology, Pace pace, Lane... lanes) {
        Conductor conductor = new Conductor(pace, () -> {}, () -> {}, time::get, Progress.SILENT);
        try (Fleet fleet = new Fleet(folder.resolve("peers"), topology, PeerOptions.DEFAULT)) {
            return conductor.conduct(
                    FakeLanes.scenario(lanes), fleet, new ContentMaker(folder.resolve("content"), 7), () -> "loopback");
        }
    }

    private static Pace pace(int repetitions, Duration budget, Duration step) {
        return new Pace(repetitions, 1, 0.25, budget, step);
    }

    @Test
    void conduct_twoLanes_takeTurnsInAnOrderThatTurnsAround() {
        ScenarioResult result = conduct(
                pace(2, Duration.ofDays(1), Duration.ofMinutes(1)),
                FakeLanes.working("a", turns),
                FakeLanes.working("b", turns));

        assertThat(turns).containsExactly("0b", "0a", "1a", "1b", "2b", "2a");
        assertThat(result.lane("a").orElseThrow().runs())
                .extracting(Run::repetition)
                .containsExactly(1, 2);
    }

    @Test
    void conduct_laneFails_othersGoOnAndTheFailureIsTold() {
        Lane broken = Lane.of("broken", repetition -> {
            throw new BenchException("the peer died");
        });
        ScenarioResult result =
                conduct(pace(3, Duration.ofDays(1), Duration.ofMinutes(1)), FakeLanes.working("a", turns), broken);

        LaneResult failed = result.lane("broken").orElseThrow();
        assertThat(failed.good()).isEmpty();
        assertThat(failed.failure()).contains("the peer died");
        assertThat(failed.runs().get(failed.runs().size() - 1).failure()).contains("not tried after 2 failures");
        assertThat(result.lane("a").orElseThrow().good()).hasSize(3);
    }

    @Test
    void conduct_otherBytesCameOut_isAFailure() {
        Lane corrupt = Lane.of("corrupt", repetition -> {
            repetition.timed(java.util.Map.of(), () -> "");
            repetition.check("00");
        });
        LaneResult lane = conduct(pace(1, Duration.ofDays(1), Duration.ofMinutes(1)), corrupt)
                .lane("corrupt")
                .orElseThrow();

        assertThat(lane.good()).isEmpty();
        assertThat(lane.failure().orElseThrow()).startsWith("content: SHA-256 00, want ");
    }

    @Test
    void conduct_linkFailed_laneGoesOnToItsEnd_andDoesNotCount() {
        AtomicLong lost = new AtomicLong();
        Topology failing = new Topology() {
            @Override
            public Site site(String role) {
                return Site.LOCAL;
            }

            @Override
            public Carried carried() {
                return new Carried(0, 0, lost.getAndIncrement());
            }
        };
        Lane lane = Lane.of("a", repetition -> {
            repetition.timed(java.util.Map.of(), () -> "");
            turns.add("given up");
        });

        LaneResult result = conduct(failing, pace(1, Duration.ofDays(1), Duration.ofMinutes(1)), lane)
                .lane("a")
                .orElseThrow();

        assertThat(turns).containsExactly("given up", "given up");
        assertThat(result.good()).isEmpty();
        assertThat(result.failure().orElseThrow()).startsWith("the carrier could not carry this link");
    }

    @Test
    void conduct_budgetIsOver_endsAfterTheLeastRepetitions() {
        Lane slow = Lane.of("slow", repetition -> {
            time.addAndGet(Duration.ofMinutes(1).toNanos());
            repetition.timed(java.util.Map.of(), () -> "");
        });
        ScenarioResult result = conduct(pace(5, Duration.ofSeconds(90), Duration.ofMinutes(1)), slow);

        assertThat(result.lane("slow").orElseThrow().runs()).hasSize(1);
    }

    @Test
    void conduct_turnNeverEnds_isEndedAndTold() {
        CountDownLatch never = new CountDownLatch(1);
        Lane stuck = Lane.of("stuck", repetition -> never.await());
        LaneResult lane = conduct(pace(1, Duration.ofDays(1), Duration.ofMillis(200)), stuck)
                .lane("stuck")
                .orElseThrow();

        assertThat(lane.failure()).contains("not done after 0 s");
    }

    @Test
    void conduct_peerEndedBetweenTurns_itsNextRunSaysSo() {
        List<FakePeer> started = new ArrayList<>();
        Competitor competitor = Competitor.of("mortal", (place, site, options) -> {
            started.add(new FakePeer(new ArrayList<>()));
            return started.get(started.size() - 1);
        });
        Lane lane = Lane.of("mortal", repetition -> {
            Peer peer = repetition.fleet().peer(competitor, "source0");
            repetition.timed(java.util.Map.of(), () -> "");
            if (repetition.number() == 1) {
                peer.close();
            }
        });

        ScenarioResult result = conduct(pace(3, Duration.ofDays(1), Duration.ofMinutes(1)), lane);

        assertThat(result.lane("mortal").orElseThrow().runs())
                .extracting(Run::restarts)
                .containsExactly(0, 1, 0);
        assertThat(started).hasSize(2);
    }

    @Test
    void conduct_atItsEnd_noContentIsLeft() {
        conduct(pace(1, Duration.ofDays(1), Duration.ofMinutes(1)), FakeLanes.working("a", turns));

        assertThat(folder.resolve("content")).isEmptyDirectory();
    }
}
