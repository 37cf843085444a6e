package io.kafila.benchmarks.shows;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.benchmarks.scenario.Run;
import io.kafila.benchmarks.scenario.ScenarioResult;
import io.kafila.benchmarks.scenario.ScenarioResult.LaneResult;
import io.kafila.benchmarks.scenario.Workload;
import io.kafila.benchmarks.usage.Meter;
import io.kafila.benchmarks.usage.Usage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShowsTest {
    /** A lane of one run, with the peak of each side in MiB. */
    private static LaneResult lane(String name, Map<String, Integer> peaksMib) {
        Map<String, Usage> sides = new HashMap<>();
        peaksMib.forEach((side, mib) -> sides.put(side, new Usage(1, 1, (long) mib << 20, 0, 0)));
        return new LaneResult(name, List.of(new Run(1, 1, 1, sides, Map.of(), 0, 0, 0, Optional.empty())));
    }

    private static String mostRssAnon(LaneResult... lanes) {
        ScenarioResult result = new ScenarioResult(
                "any", "Any", new Workload(Workload.Kind.TRANSFER, 1, 1, 1 << 20, "tls"), "loopback", List.of(lanes));
        return Shows.judge(List.of(7), new Evidence(List.of(result), Map.of())).stream()
                .filter(verdict -> verdict.claim().startsWith("most RssAnon"))
                .findFirst()
                .orElseThrow()
                .figure();
    }

    @ParameterizedTest
    @CsvSource({
        "kafila, 300 MiB",
        "kafila-from-disk, 300 MiB",
        "kafila-x3+slow, 300 MiB",
        "kafila>kubo-pebble, 200 MiB",
        "kubo-pebble>kafila, 300 MiB",
        "kubo-pebble, 100 MiB",
        "kubo-pebble>kubo-flatfs, 100 MiB"
    })
    void mostRssAnon_laneWithAKafilaSide_countsThatSide(String name, String most) {
        LaneResult other = lane("kafila", Map.of("receiver", 100));

        assertThat(mostRssAnon(other, lane(name, Map.of("source", 200, "receiver", 300))))
                .isEqualTo(most);
    }

    @Test
    void mostRssAnon_commandsAndTheHarness_areNoDaemons() {
        assertThat(mostRssAnon(lane("kafila-cat", Map.of("daemon", 100, Meter.COMMANDS, 200, Meter.HARNESS, 300))))
                .isEqualTo("100 MiB");
    }
}
