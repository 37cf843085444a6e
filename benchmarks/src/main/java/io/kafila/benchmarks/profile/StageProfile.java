package io.kafila.benchmarks.profile;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * CPU seconds for each GiB, by side and by what they were spent on. The operating system's account of each side is shared
 * out in proportion to the samples. Immutable.
 *
 * @param sides by the name of the side, in order
 */
record StageProfile(Map<String, Map<Work, Double>> sides) {
    private static final double GIB = 1L << 30;

    /**
     * What one process did.
     *
     * @param cpuSeconds user and system time, as the operating system accounts for it
     */
    record Activity(double cpuSeconds, List<StackSample> samples) {}

    StageProfile {
        Map<String, Map<Work, Double>> copy = new LinkedHashMap<>();
        sides.forEach((side, work) -> copy.put(side, Map.copyOf(work)));
        sides = copy;
    }

    /** @param bytes how much content all of it was for */
    static StageProfile of(Map<String, Activity> activities, long bytes) {
        Map<String, Map<Work, Double>> sides = new LinkedHashMap<>();
        activities.forEach((side, activity) -> {
            Map<Work, Long> counts = new EnumMap<>(Work.class);
            activity.samples().forEach(sample -> counts.merge(Classification.of(sample), sample.count(), Long::sum));
            double all = counts.values().stream().mapToLong(Long::longValue).sum();
            Map<Work, Double> costs = new EnumMap<>(Work.class);
            counts.forEach((work, count) -> costs.put(work, activity.cpuSeconds() * GIB / bytes * count / all));
            sides.put(side, costs);
        });
        return new StageProfile(sides);
    }

    /** The CPU seconds for each GiB of one side. */
    double total(String side) {
        return sides.getOrDefault(side, Map.of()).values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
    }

    /** A table in Markdown: a line for each stage that took time, a column for each side, and their sum. */
    String table() {
        StringBuilder table = new StringBuilder("| CPU s/GiB |");
        sides.keySet().forEach(side -> table.append(' ').append(side).append(" |"));
        table.append(" together |\n|---|")
                .append("---:|".repeat(sides.size() + 1))
                .append('\n');
        for (Work work : Work.values()) {
            if (sides.values().stream().anyMatch(costs -> costs.containsKey(work))) {
                line(
                        table,
                        work.label(),
                        sides.keySet().stream()
                                .map(side -> sides.getOrDefault(side, Map.of()).getOrDefault(work, 0.0))
                                .toList());
            }
        }
        line(table, "**all**", sides.keySet().stream().map(this::total).toList());
        return table.toString();
    }

    private static void line(StringBuilder table, String label, List<Double> costs) {
        table.append("| ").append(label).append(" |");
        costs.forEach(cost -> table.append(String.format(Locale.ROOT, " %.3f |", cost)));
        double sum = costs.stream().mapToDouble(Double::doubleValue).sum();
        table.append(String.format(Locale.ROOT, " %.3f |%n", sum));
    }
}
