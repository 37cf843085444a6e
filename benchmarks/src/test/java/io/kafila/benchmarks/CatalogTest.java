package io.kafila.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kafila.benchmarks.link.LinkOptions;
import io.kafila.benchmarks.peer.DaemonCompetitor;
import io.kafila.benchmarks.peer.Lineup;
import io.kafila.benchmarks.peer.PeerOptions;
import io.kafila.benchmarks.roofline.MeasuredRoofline;
import io.kafila.benchmarks.roofline.Roofline.Bound;
import io.kafila.benchmarks.roofline.Setting;
import io.kafila.benchmarks.roofline.Setting.Sealing;
import io.kafila.benchmarks.roofline.Setting.Source;
import io.kafila.benchmarks.roofline.Setting.StoreWrites;
import io.kafila.benchmarks.roofline.Stage;
import io.kafila.benchmarks.roofline.StageCost;
import io.kafila.benchmarks.roofline.StageCosts;
import io.kafila.benchmarks.roofline.StageMeasurementOptions;
import io.kafila.benchmarks.scenario.Lane;
import io.kafila.benchmarks.scenario.Scenario;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What of the scenarios comes from where, and what bounds it. */
class CatalogTest {
    private static final double FAST = 1e10;
    private static final double DISK_READS = 5e8;

    @Test
    void lanesFromTheDisk_areThoseThatSaySo() {
        assertThat(fromDisk(Optional.empty()))
                .containsExactly(
                        "transfer/kafila-from-disk",
                        "transfer-noise/kafila-from-disk",
                        "transfer-legacy/kafila-from-disk",
                        "sweep-1MiB/kafila");
        // The second source of such a lane has no link.
        assertThat(fromDisk(Optional.of(LinkOptions.parse("rtt:10ms")))).containsExactly("sweep-1MiB/kafila");
    }

    @Test
    void sources_everyLaneOfKafila_hasOneOfKuboBesideIt() {
        List<String> lanes =
                scenario("sources").lanes().stream().map(Lane::name).toList();

        for (String kind : List.of("x1", "x3", "x4", "x3+slow", "x3+dead")) {
            assertThat(lanes).contains("kafila-" + kind, "kubo-flatfs-" + kind);
        }
        assertThat(lanes).hasSize(10);
    }

    @Test
    void bounds_laneFromDisk_isBoundByTheDisksReads() {
        Map<String, Bound> bounds = Session.bounds(roofline(true), scenario("transfer"));

        assertRate(bounds, "transfer", "kafila", FAST);
        assertRate(bounds, "transfer", "kafila-from-disk", DISK_READS);
    }

    @Test
    void bounds_severalSources_areThoseOfTheLinksThatALaneUses() {
        Map<String, Bound> bounds = Session.bounds(roofline(true), scenario("sources"));

        assertRate(bounds, "sources", "kafila-x1", 12.5e6);
        assertRate(bounds, "sources", "kubo-flatfs-x4", 50e6);
        assertRate(bounds, "sources", "kafila-x3+slow", 37.5e6 + 0.625e6);
        assertThat(bounds).doesNotContainKey("sources");
    }

    @Test
    void bounds_sweep_isBoundByTheDisksReads() {
        assertRate(Session.bounds(roofline(true), scenario("sweep")), "sweep-1MiB", "kafila", DISK_READS);
    }

    @Test
    void bounds_noDirectAccess_allIsInThePageCache() {
        assertRate(Session.bounds(roofline(false), scenario("transfer")), "transfer", "kafila-from-disk", FAST);
    }

    private static void assertRate(Map<String, Bound> bounds, String scenario, String lane, double wanted) {
        assertThat(Bound.of(bounds, scenario, lane).orElseThrow().bytesPerSecond())
                .isCloseTo(wanted, within(1.0));
    }

    private static MeasuredRoofline roofline(boolean direct) {
        Map<Stage, StageCost> costs = new EnumMap<>(Stage.class);
        for (Stage stage : Stage.values()) {
            costs.put(stage, new StageCost(stage == Stage.DISK_READ ? DISK_READS : FAST, 1e-6));
        }
        if (!direct) {
            costs.remove(Stage.DISK_READ);
        }
        Setting setting = new Setting(2, StoreWrites.BUFFERED, Source.PAGE_CACHE, Sealing.CIPHER, OptionalLong.empty());
        return new MeasuredRoofline(new StageCosts(costs, Map.of()), setting);
    }

    private static List<String> fromDisk(Optional<LinkOptions> link) {
        List<String> names = new ArrayList<>();
        for (String name : Catalog.entries().keySet()) {
            for (Scenario scenario : scenarios(name, link)) {
                scenario.lanes().stream()
                        .filter(Lane::fromDisk)
                        .forEach(lane -> names.add(scenario.name() + "/" + lane.name()));
            }
        }
        return names;
    }

    private static Scenario scenario(String name) {
        return scenarios(name, Optional.empty()).get(0);
    }

    private static List<Scenario> scenarios(String name, Optional<LinkOptions> link) {
        Path nowhere = Path.of("nowhere");
        BenchOptions options = new BenchOptions(
                Optional.of(8L << 20),
                List.of(1L << 20),
                1,
                1,
                1,
                true,
                Optional.empty(),
                1,
                1,
                nowhere,
                nowhere,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                PeerOptions.DEFAULT,
                link,
                true,
                true,
                StageMeasurementOptions.QUICK);
        Lineup lineup = new Lineup(
                DaemonCompetitor.kafila(nowhere, Optional.empty()),
                List.of(DaemonCompetitor.kuboFlatfs(nowhere)),
                List.of(),
                Map.of());
        return Objects.requireNonNull(Catalog.entries().get(name)).maker().make(options, lineup);
    }
}
