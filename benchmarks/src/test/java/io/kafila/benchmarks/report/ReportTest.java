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
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final long BYTES = 1L << 30;
    private static final Map<String, Bound> BOUNDS = Map.of("transfer", new Bound(BYTES, "min(this, <that>)"));

    private static LaneResult lane(String name, double... seconds) {
        List<Run> runs = new ArrayList<>();
        for (double each : seconds) {
            Usage usage = new Usage(each, 0.5, 100 << 20, 200 << 20, BYTES);
            runs.add(new Run(
                    runs.size() + 1, each, BYTES, Map.of("receiver", usage), Map.of(), 0.01, 1, Optional.empty()));
        }
        return new LaneResult(name, runs);
    }

    private static Report report() {
        Run failure = new Run(1, 0, 0, Map.of(), Map.of(), 0, 0, Optional.of("no & answer"));
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
                results,
                BOUNDS,
                Shows.judge(List.of(1), new Evidence(results, BOUNDS)));
    }

    @Test
    void text_lane_showsMedianRangeRatioAndShare() {
        assertThat(TextReport.of(report()).lines().map(line -> line.strip().replaceAll(" +", " ")))
                .contains(
                        "absent: rsync: no rsync on the path",
                        "kafila 2.000 1.500 4.000 512 3.00 receiver 2.50 receiver 100 1.00 50% 3",
                        "kubo-pebble 6.000 5.000 7.000 171 1.00 receiver 6.50 receiver 100 1.00 17% 3",
                        "helia FAILED: no & answer",
                        "PASS 1. transfer over TLS beside Kubo's: 3.00x, want at least 3.00x",
                        "SHORT 1. share of the bound: 50.00%, want at least 65.00% (off by 23%)");
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
        assertThat(page).doesNotContain("<script", "http://", "https://", "src=");
    }
}
