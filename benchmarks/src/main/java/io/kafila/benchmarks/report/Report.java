package io.kafila.benchmarks.report;

import io.kafila.benchmarks.roofline.Roofline.Bound;
import io.kafila.benchmarks.scenario.ScenarioResult;
import io.kafila.benchmarks.shows.Verdict;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that there is to tell of a run.
 *
 * @param versions of Kafila, its commit, the JDK and the competitors, by name
 * @param options what the run was asked for, by name
 * @param absent competitors that were asked for and are absent, with how to get them
 * @param bounds of scenarios, by their names
 * @param verdicts on goals; empty where none were asked for
 */
public record Report(
        Instant started,
        Machine machine,
        Map<String, String> versions,
        Map<String, String> options,
        Map<String, String> absent,
        List<ScenarioResult> results,
        Map<String, Bound> bounds,
        List<Verdict> verdicts) {
    public Report {
        versions = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(versions));
        options = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(options));
        absent = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(absent));
        results = List.copyOf(results);
        bounds = Map.copyOf(bounds);
        verdicts = List.copyOf(verdicts);
    }

    Optional<Bound> bound(ScenarioResult result) {
        return Optional.ofNullable(bounds.get(result.name()));
    }
}
