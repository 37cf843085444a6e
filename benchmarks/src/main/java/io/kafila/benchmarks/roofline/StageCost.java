package io.kafila.benchmarks.roofline;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a stage does alone.
 *
 * @param bytesPerSecond its throughput
 * @param cpuSecondsPerGib the CPU time, user and system, that 2^30 bytes take
 */
public record StageCost(double bytesPerSecond, double cpuSecondsPerGib) {
    static final double GIB = 1L << 30;
    private static final double NANOS = 1e9;

    public StageCost {
        if (!(bytesPerSecond > 0) || !(cpuSecondsPerGib >= 0)) {
            throw new IllegalArgumentException("stage: " + bytesPerSecond + " bytes/s at " + cpuSecondsPerGib
                    + " CPU s/GiB, want positive numbers");
        }
    }

    /** The median of each of both figures. */
    static StageCost median(List<Sample> rounds) {
        return new StageCost(
                median(rounds, round -> round.bytes() * NANOS / round.wallNanos()),
                median(rounds, round -> round.cpuNanos() / NANOS * GIB / round.bytes()));
    }

    private static double median(List<Sample> rounds, ToDoubleFunction<Sample> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("median of no rounds, want at least one");
        }
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
