package io.kafila.benchmarks.roofline;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * The stages of one machine, measured in one run. Immutable.
 *
 * @param costs the stages that were measured; one that this machine does not offer, such as direct writes, is missing
 * @param providers who did the work of a stage where that is a choice, such as the provider of a cipher
 */
public record StageCosts(Map<Stage, StageCost> costs, Map<Stage, String> providers) {
    private static final double MB = 1e6;

    public StageCosts {
        costs = Map.copyOf(costs);
        providers = Map.copyOf(providers);
    }

    public boolean has(Stage stage) {
        return costs.containsKey(stage);
    }

    /** @throws IllegalArgumentException if it was not measured */
    public StageCost of(Stage stage) {
        StageCost cost = costs.get(stage);
        if (cost == null) {
            throw new IllegalArgumentException("stage " + stage.label() + ": not measured in this run");
        }
        return cost;
    }

    /** A table in Markdown, one line for each stage. */
    public String table() {
        StringBuilder table = new StringBuilder("| stage | MB/s | CPU s/GiB | how |\n|---|---:|---:|---|\n");
        new EnumMap<>(costs)
                .forEach((stage, cost) -> table.append(String.format(
                        Locale.ROOT,
                        "| %s | %.0f | %.3f | %s%s |%n",
                        stage.label(),
                        cost.bytesPerSecond() / MB,
                        cost.cpuSecondsPerGib(),
                        stage.how(),
                        providers.containsKey(stage) ? "; " + providers.get(stage) : "")));
        return table.toString();
    }
}
