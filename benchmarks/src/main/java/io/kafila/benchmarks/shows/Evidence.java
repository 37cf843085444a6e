package io.kafila.benchmarks.shows;

import io.kafila.benchmarks.report.Kubo;
import io.kafila.benchmarks.roofline.Roofline.Bound;
import io.kafila.benchmarks.scenario.ScenarioResult;
import io.kafila.benchmarks.scenario.ScenarioResult.LaneResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run gives to judge goals by. A figure that it does not give is not a number.
 *
 * @param results all scenarios
 * @param bounds by the names of scenarios, and of lanes that have one of their own
 */
public record Evidence(List<ScenarioResult> results, Map<String, Bound> bounds) {
    public Evidence {
        results = List.copyOf(results);
        bounds = Map.copyOf(bounds);
    }

    Optional<ScenarioResult> scenario(String name) {
        return results.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    Optional<LaneResult> lane(String scenario, String lane) {
        return scenario(scenario)
                .flatMap(result -> result.lane(lane))
                .filter(each -> !each.good().isEmpty());
    }

    /** The median rate of a lane in bytes each second. */
    double rate(String scenario, String lane) {
        return lane(scenario, lane).map(each -> each.bytesPerSecond().median()).orElse(Double.NaN);
    }

    Optional<LaneResult> kubo(String scenario) {
        return scenario(scenario).flatMap(Kubo::better);
    }

    double kuboRate(String scenario) {
        return kubo(scenario).map(each -> each.bytesPerSecond().median()).orElse(Double.NaN);
    }

    /** The share of the bound that a lane reached. */
    double share(String scenario, String lane) {
        return Bound.of(bounds, scenario, lane)
                .map(bound -> rate(scenario, lane) / bound.bytesPerSecond())
                .orElse(Double.NaN);
    }
}
