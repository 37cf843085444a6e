package io.kafila.benchmarks.report;

import io.kafila.benchmarks.roofline.Roofline.Bound;
import io.kafila.benchmarks.scenario.Run;
import io.kafila.benchmarks.scenario.ScenarioResult;
import io.kafila.benchmarks.scenario.ScenarioResult.LaneResult;
import io.kafila.benchmarks.scenario.Statistics;
import io.kafila.benchmarks.shows.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that there is to tell of a run.
 *
 * @param versions of Kafila, its commit, the JDK and the competitors, by name
 * @param options what the run was asked for, by name
 * @param absent competitors that were asked for and are absent, with how to get them
 * @param notTried scenarios that this machine cannot do, with the reason
 * @param withoutPart competitors that were asked for and are here, with the scenarios in which they do not take part
 * @param bounds of scenarios by their names, and of lanes that have one of their own by {@link Bound#nameOf}
 * @param verdicts on goals; empty where none were asked for
 */
public record Report(
        Instant started,
        Machine machine,
        Map<String, String> versions,
        Map<String, String> options,
        Map<String, String> absent,
        Map<String, String> notTried,
        Map<String, List<String>> withoutPart,
        List<ScenarioResult> results,
        Map<String, Bound> bounds,
        List<Verdict> verdicts) {
    /** More than what a run itself leaves in the average of the last minute. */
    private static final double BUSY_PER_CORE = 2;

    private static final double STOLEN = 0.05;

    public Report {
        versions = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(versions));
        options = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(options));
        absent = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(absent));
        notTried = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(notTried));
        withoutPart = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(withoutPart));
        results = List.copyOf(results);
        bounds = Map.copyOf(bounds);
        verdicts = List.copyOf(verdicts);
    }

    Optional<Bound> bound(ScenarioResult result) {
        return Optional.ofNullable(bounds.get(result.name()));
    }

    /** What bounds a lane. */
    Optional<Bound> bound(ScenarioResult result, LaneResult lane) {
        return Bound.of(bounds, result.name(), lane.name());
    }

    /** The bounds of those lanes that have one of their own, by the lanes' names. */
    Map<String, Bound> ownBounds(ScenarioResult result) {
        Map<String, Bound> own = new LinkedHashMap<>();
        for (LaneResult lane : result.lanes()) {
            Bound bound = bounds.get(Bound.nameOf(result.name(), lane.name()));
            if (bound != null) {
                own.put(lane.name(), bound);
            }
        }
        return own;
    }

    /** What makes the figures doubtful: other work on the machine, or a hypervisor that took much of its time. */
    Optional<String> disturbance() {
        Statistics load = Statistics.of(runs().mapToDouble(Run::load));
        Statistics steal = Statistics.of(runs().mapToDouble(Run::stealShare));
        List<String> found = new ArrayList<>();
        if (load.median() > BUSY_PER_CORE * machine.cores()) {
            found.add(String.format(
                    Locale.ROOT,
                    "the load was %.1f before the median run, on %d cores",
                    load.median(),
                    machine.cores()));
        }
        if (steal.max() > STOLEN) {
            found.add(String.format(Locale.ROOT, "up to %.0f%% of a run's time was stolen", steal.max() * 100));
        }
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of("The machine was not its own: " + String.join("; ", found)
                        + ". Times are those of a busy machine, and ratios are less sure.");
    }

    private Stream<Run> runs() {
        return results.stream().flatMap(result -> result.lanes().stream()).flatMap(lane -> lane.good().stream());
    }
}
