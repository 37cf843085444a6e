package io.kafila.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kafila.benchmarks.roofline.Roofline.Bound;
import io.kafila.benchmarks.scenario.Run;
import io.kafila.benchmarks.scenario.ScenarioResult;
import io.kafila.benchmarks.scenario.ScenarioResult.LaneResult;
import io.kafila.benchmarks.scenario.Workload;
import io.kafila.benchmarks.shows.Evidence;
import io.kafila.benchmarks.shows.Shows;
import io.kafila.benchmarks.shows.Verdict;
import io.kafila.benchmarks.shows.Verdict.Status;
import io.kafila.benchmarks.usage.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final long BYTES = 1L << 30;
    private static final Map<String, Bound> BOUNDS = Map.of("transfer", new Bound(BYTES, "min(this, <that>)"));

    private static LaneResult lane(String name, double... seconds) {
        List<Run> runs = new ArrayList<>();
        for (double each : seconds) {
            Usage usage = new Usage(each, 0.5, 100 << 20, 200 << 20, BYTES);
            runs.add(new Run(
                    runs.size() + 1, each, BYTES, Map.of("receiver", usage), Map.of(), 0.01, 1, 0, Optional.empty()));
        }
        return new LaneResult(name, runs);
    }

    private static Report report() {
        Run failure = new Run(1, 0, 0, Map.of(), Map.of(), 0, 0, 0, Optional.of("no & answer"));
        ScenarioResult result = new ScenarioResult(
                "transfer",
                "Transfer",
                new Workload(Workload.Kind.TRANSFER, BYTES, 1, 1 << 20, "tls"),
                "loopback",
                List.of(
                        lane("kafila", 2, 1.5, 4),
                        lane("kubo-flatfs", 8, 7, 9),
                        lane("kubo-pebble", 6, 5, 7),
                        new LaneResult("helia", List.of(failure))));
        List<ScenarioResult> results = List.of(result);
        return new Report(
                Instant.EPOCH,
                new Machine("A <cpu>", 2, 24L << 30, "Linux 6", "ext4"),
                Map.of("kafila", "0.1.0"),
                Map.of("seed", "1"),
                Map.of("rsync", "no rsync on the path"),
                Map.of("far-lossy", "loss needs <root>"),
                Map.of("http", List.of("sources", "cold")),
                results,
                BOUNDS,
                Shows.judge(List.of(1), new Evidence(results, BOUNDS)));
    }

    @Test
    void text_lane_showsMedianRangeRatioAndShare() {
        assertThat(TextReport.of(report()).lines().map(line -> line.strip().replaceAll(" +", " ")))
                .contains(
                        "absent: rsync: no rsync on the path",
                        "not tried: far-lossy: loss needs <root>",
                        "http: does not take part in sources, cold",
                        "kafila 2.000 1.500 4.000 512 3.00 receiver 2.50 receiver 100/200 1.00 50% 1.0% 3",
                        "kubo-pebble 6.000 5.000 7.000 171 1.00 receiver 6.50 receiver 100/200 1.00 17% 1.0% 3",
                        "helia FAILED: no & answer",
                        "PASS 1. transfer over TLS beside Kubo's: 3.00x, want at least 3.00x",
                        "SHORT 1. share of the bound: 50.00%, want at least 65.00% (off by 23%)");
    }

    @Test
    void rate_evenNumberOfRuns_isThatOfTheMedianTime() {
        LaneResult lane = lane("kafila", 1, 3);
        assertThat(lane.bytesPerSecond().median()).isEqualTo(BYTES / 2.0);
        assertThat(lane.bytesPerSecond().min()).isEqualTo(BYTES / 3.0);
        assertThat(lane.bytesPerSecond().max()).isEqualTo(BYTES);
        assertThat(new LaneResult("none", List.of()).bytesPerSecond().isEmpty()).isTrue();
    }

    @Test
    void ratio_lanesOfDifferentWidth_areComparedWithKubosOfTheSame() {
        ScenarioResult result = new ScenarioResult(
                "sources",
                "Sources",
                new Workload(Workload.Kind.TRANSFER, BYTES, 1, 1 << 20, "tls"),
                "100 Mbit/s",
                List.of(
                        lane("kafila-x1", 20),
                        lane("kafila-x4", 5),
                        lane("kafila-x3+slow", 7),
                        lane("kubo-flatfs-x1", 30),
                        lane("kubo-flatfs-x4", 10)));
        assertThat(result.lanes().stream()
                        .map(lane ->
                                LaneSummary.of(result, lane, Optional.empty()).ratio())
                        .toList())
                .containsExactly(
                        Optional.of(1.5), Optional.of(2.0), Optional.empty(), Optional.of(1.0), Optional.of(1.0));
    }

    @Test
    void lane_withABoundOfItsOwn_isHeldAgainstIt() throws Exception {
        Report whole = report();
        Map<String, Bound> bounds = Map.of(
                "transfer",
                new Bound(BYTES, "min(this)"),
                Bound.nameOf("transfer", "kafila"),
                new Bound(BYTES / 2.0, "min(disk)"));
        Report report = new Report(
                whole.started(),
                whole.machine(),
                whole.versions(),
                whole.options(),
                whole.absent(),
                whole.notTried(),
                whole.withoutPart(),
                whole.results(),
                bounds,
                List.of());

        // Half a GiB each second.
        JsonNode lanes = new ObjectMapper().readTree(JsonReport.of(report)).at("/scenarios/0/lanes");
        assertThat(lanes.at("/0/shareOfBound").asDouble()).isEqualTo(1);
        assertThat(lanes.at("/0/bound/formula").asText()).isEqualTo("min(disk)");
        assertThat(lanes.at("/2/shareOfBound").asDouble()).isLessThan(0.2);
        assertThat(TextReport.of(report)).contains("bound of kafila 512 MiB/s: min(disk)");
        assertThat(HtmlReport.of(report)).contains("Bound of kafila: min(disk)");
    }

    @Test
    void goals_notMeasured_areUnknown() {
        assertThat(report().verdicts())
                .filteredOn(verdict -> verdict.claim().contains("Noise"))
                .extracting(Verdict::status)
                .containsExactly(Status.UNKNOWN);
    }

    @Test
    void json_everyRunIsThere() throws Exception {
        JsonNode root = new ObjectMapper().readTree(JsonReport.of(report()));
        JsonNode kafila = root.at("/scenarios/0/lanes/0");

        assertThat(root.at("/notTried/far-lossy").asText()).isEqualTo("loss needs <root>");
        assertThat(root.at("/withoutPart/http/1").asText()).isEqualTo("cold");
        assertThat(root.at("/machine/cores").asInt()).isEqualTo(2);
        assertThat(kafila.at("/seconds/median").asDouble()).isEqualTo(2);
        assertThat(kafila.at("/ratioToKubo").asDouble()).isEqualTo(3);
        assertThat(kafila.at("/runs")).hasSize(3);
        assertThat(kafila.at("/runs/0/sides/receiver/writtenBytes").asLong()).isEqualTo(BYTES);
        assertThat(root.at("/scenarios/0/lanes/3/runs/0/failure").asText()).isEqualTo("no & answer");
    }

    @Test
    void html_needsNothingElseAndEscapes() {
        String page = HtmlReport.of(report());

        assertThat(page).contains("A &lt;cpu&gt;", "no &amp; answer", "min(this, &lt;that&gt;)", "<svg ");
        assertThat(page).contains("<p>Not tried: far-lossy: loss needs &lt;root&gt;</p>");
        assertThat(page).contains("<p>http: does not take part in sources, cold</p>");
        assertThat(page).doesNotContain("<script", "http://", "https://", "src=");
    }

    @Test
    void html_sweep_isDrawnOverItsSizes() {
        List<ScenarioResult> results = List.of(sized("sweep-256MiB", 256L << 20), sized("sweep-1GiB", 1L << 30));
        Report swept = new Report(
                Instant.EPOCH,
                new Machine("cpu", 2, 24L << 30, "Linux 6", "ext4"),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                results,
                Map.of(),
                List.of());

        assertThat(HtmlReport.of(swept)).contains("<h2>By size</h2>", "256 MiB</text>", "1 GiB</text>", "<polyline");
    }

    private static ScenarioResult sized(String name, long bytes) {
        return new ScenarioResult(
                name,
                name,
                new Workload(Workload.Kind.TRANSFER, bytes, 1, 1 << 20, "tls"),
                "loopback",
                List.of(lane("kafila", 1, 2, 3)));
    }

    private static Report report(LaneResult... lanes) {
        ScenarioResult result = new ScenarioResult(
                "transfer",
                "Transfer",
                new Workload(Workload.Kind.TRANSFER, BYTES, 1, 1 << 20, "tls"),
                "loopback",
                List.of(lanes));
        return new Report(
                Instant.EPOCH,
                new Machine("cpu", 2, 24L << 30, "Linux 6", "ext4"),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                List.of(result),
                Map.of(),
                List.of());
    }

    @Test
    void disturbance_quietMachine_isNotTold_busyOneIs() {
        assertThat(report().disturbance()).isEmpty();
        Usage usage = new Usage(1, 1, 1, 1, 1);
        Run busy = new Run(1, 1, BYTES, Map.of("receiver", usage), Map.of(), 0.2, 9, 0, Optional.empty());
        Report disturbed = report(new LaneResult("kafila", List.of(busy)));

        assertThat(disturbed.disturbance().orElseThrow())
                .contains("the load was 9.0 before the median run, on 2 cores", "up to 20% of a run's time was stolen");
        assertThat(TextReport.of(disturbed)).contains(disturbed.disturbance().orElseThrow());
        assertThat(HtmlReport.of(disturbed)).contains("not its own");
    }

    @Test
    void restarts_areToldInEveryForm() throws Exception {
        Usage usage = new Usage(1, 1, 1, 1, 1);
        Run quiet = new Run(1, 1, BYTES, Map.of("receiver", usage), Map.of(), 0, 0, 0, Optional.empty());
        Run restarted = new Run(2, 1, BYTES, Map.of("receiver", usage), Map.of(), 0, 0, 2, Optional.empty());
        Run failed = new Run(1, 0, 0, Map.of(), Map.of(), 0, 0, 1, Optional.of("no answer"));
        Report report =
                report(new LaneResult("kafila", List.of(quiet, restarted)), new LaneResult("helia", List.of(failed)));

        assertThat(TextReport.of(report).lines().map(line -> line.strip().replaceAll(" +", " ")))
                .anyMatch(line -> line.startsWith("kafila 1.000") && line.endsWith(" 2!"))
                .contains("2 peers had ended and were started anew", "1 peer had ended and was started anew");
        assertThat(HtmlReport.of(report))
                .contains(
                        "<td>2, 2 peers had ended and were started anew",
                        "no answer; 1 peer had ended and was started anew");
        JsonNode lane = new ObjectMapper().readTree(JsonReport.of(report)).at("/scenarios/0/lanes/0");
        assertThat(lane.at("/restarts").asInt()).isEqualTo(2);
        assertThat(lane.at("/runs/0/restarts").asInt()).isZero();
        assertThat(lane.at("/runs/1/restarts").asInt()).isEqualTo(2);
    }

    @Test
    void linePlot_onePlaceOrNone_isLeftOut() {
        assertThat(LinePlot.of(Map.of(), Long::toString, "s")).isEmpty();
        assertThat(LinePlot.of(Map.of("kafila", new TreeMap<>(Map.of(1L, 2.0))), Long::toString, "s"))
                .isEmpty();
    }

    @Test
    void linePlot_figures_lieOnTheirScale() {
        String plot =
                LinePlot.of(Map.of("kafila", new TreeMap<>(Map.of(1L, 0.0, 4L, 10.0, 16L, 5.0))), Long::toString, "s");

        // The axis begins at nought at the foot, ends at 10 at the top, and each step doubles.
        assertThat(plot).contains("points=\"90.0,226.0 410.0,16.0 730.0,121.0\"", "kafila</text>");
    }
}
