package io.kafila.benchmarks.report;

import io.kafila.benchmarks.scenario.ScenarioResult;
import io.kafila.benchmarks.scenario.ScenarioResult.LaneResult;
import io.kafila.benchmarks.scenario.Statistics;

/** Results as a table for a terminal. */
public final class TextReport {
    private TextReport() {}

    public static String of(ScenarioResult result) {
        StringBuilder out = new StringBuilder(result.title()).append('\n');
        for (LaneResult lane : result.lanes()) {
            Statistics seconds = lane.seconds();
            out.append(String.format("  %-28s %7.2f s%n", lane.name(), seconds.median()));
        }
        return out.toString();
    }
}
