package io.kafila.benchmarks.report;

import io.kafila.benchmarks.scenario.ScenarioResult;
import io.kafila.benchmarks.scenario.ScenarioResult.LaneResult;
import java.util.Comparator;
import java.util.Optional;

/** The lane that the others are compared with: Kubo by itself, with the datastore that was faster in the same run. */
public final class Kubo {
    private Kubo() {}

    /** The faster of Kubo's own lanes by median; nothing where none has a figure. */
    public static Optional<LaneResult> better(ScenarioResult result) {
        return result.lanes().stream()
                .filter(lane -> lane.name().startsWith("kubo-") && !lane.name().contains(">"))
                .filter(lane -> !lane.good().isEmpty())
                .max(Comparator.comparingDouble(lane -> lane.bytesPerSecond().median()));
    }
}
