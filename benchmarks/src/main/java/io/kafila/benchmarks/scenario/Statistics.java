package io.kafila.benchmarks.scenario;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * Median and range of some values.
 *
 * @param count how many; with none, the others are not a number
 * @param median the middle one, or the mean of the two in the middle
 */
public record Statistics(int count, double median, double min, double max) {
    public static Statistics of(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        int n = sorted.length;
        if (n == 0) {
            return new Statistics(0, Double.NaN, Double.NaN, Double.NaN);
        }
        return new Statistics(n, (sorted[(n - 1) / 2] + sorted[n / 2]) / 2, sorted[0], sorted[n - 1]);
    }

    public static Statistics of(double... values) {
        return of(Arrays.stream(values));
    }

    public boolean isEmpty() {
        return count == 0;
    }
}
