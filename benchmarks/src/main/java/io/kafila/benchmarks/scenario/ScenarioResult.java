package io.kafila.benchmarks.scenario;

import java.util.List;
import java.util.Optional;

/**
 * What came out of a scenario.
 *
 * @param lanes in the order of the scenario
 */
public record ScenarioResult(String name, String title, Workload workload, String link, List<LaneResult> lanes) {
    public ScenarioResult {
        lanes = List.copyOf(lanes);
    }

    /** All repetitions of one lane, the failed ones too. */
    public record LaneResult(String name, List<Run> runs) {
        public LaneResult {
            runs = List.copyOf(runs);
        }

        public List<Run> good() {
            return runs.stream().filter(Run::ok).toList();
        }

        public Statistics seconds() {
            return Statistics.of(good().stream().mapToDouble(Run::seconds));
        }

        /** Bytes of content each second: the median is that of the median time, so that ratios of rates are those of times. */
        public Statistics bytesPerSecond() {
            Statistics time = seconds();
            double bytes =
                    Statistics.of(good().stream().mapToDouble(Run::bytes)).median();
            return new Statistics(time.count(), bytes / time.median(), bytes / time.max(), bytes / time.min());
        }

        public Statistics cpuSecondsPerGib() {
            return Statistics.of(good().stream().mapToDouble(Run::cpuSecondsPerGib));
        }

        public Statistics figure(String name) {
            return Statistics.of(good().stream()
                    .filter(run -> run.figures().containsKey(name))
                    .mapToDouble(run -> run.figures().get(name)));
        }

        /** How many peers were started in all runs in place of ones that had ended. */
        public int restarts() {
            return runs.stream().mapToInt(Run::restarts).sum();
        }

        /** The first failure. */
        public Optional<String> failure() {
            return runs.stream().flatMap(run -> run.failure().stream()).findFirst();
        }
    }

    public Optional<LaneResult> lane(String laneName) {
        return lanes.stream().filter(lane -> lane.name().equals(laneName)).findFirst();
    }
}
