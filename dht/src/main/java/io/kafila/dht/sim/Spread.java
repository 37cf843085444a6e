package io.kafila.dht.sim;

import java.util.Arrays;

/** How a figure was spread over operations: its mean, median, 95th percentile and greatest. All 0 where there was none. */
public record Spread(double mean, double median, double p95, double max) {

    static Spread of(double[] values) {
        if (values.length == 0) {
            return new Spread(0, 0, 0, 0);
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Spread(
                Arrays.stream(sorted).average().orElseThrow(),
                sorted[(sorted.length - 1) / 2],
                sorted[(int) Math.ceil(sorted.length * 0.95) - 1],
                sorted[sorted.length - 1]);
    }
}
