package io.kafila.benchmarks.report;

import io.kafila.benchmarks.scenario.Run;
import io.kafila.benchmarks.scenario.ScenarioResult.LaneResult;
import io.kafila.benchmarks.scenario.Statistics;
import io.kafila.benchmarks.scenario.Transfers;
import io.kafila.benchmarks.usage.Meter;
import io.kafila.benchmarks.usage.Usage;

/** Figures of the sides of a lane. */
public final class Sides {
    private static final double GIB = 1L << 30;

    private Sides() {}

    /** CPU seconds of one side for each GiB of content. */
    static Statistics cpuPerGib(LaneResult lane, String side) {
        return Statistics.of(lane.good().stream()
                .filter(run -> run.sides().containsKey(side))
                .mapToDouble(run -> run.sides().get(side).cpuSeconds() / run.bytes() * GIB));
    }

    /** Bytes that all sides sent towards the disk, for each byte of content. */
    public static Statistics written(LaneResult lane) {
        return Statistics.of(lane.good().stream()
                .mapToDouble(run -> run.sides().values().stream()
                                .mapToLong(Usage::writtenBytes)
                                .sum()
                        / (double) run.bytes()));
    }

    /** The most anonymous memory of any daemon of a competitor in the lane, in any run; 0 where there was none. */
    public static long peakAnonBytes(LaneResult lane, String competitor) {
        return lane.good().stream()
                .map(Run::sides)
                .flatMap(sides -> sides.entrySet().stream())
                .filter(side ->
                        !side.getKey().equals(Meter.COMMANDS) && !side.getKey().equals(Meter.HARNESS))
                .filter(side -> isOf(Transfers.competitor(lane.name(), side.getKey()), competitor))
                .mapToLong(side -> side.getValue().peakAnonBytes())
                .max()
                .orElse(0);
    }

    /** Whether a name is that of a competitor, or that with what the lane is about, such as {@code kafila-x4+slow}. */
    private static boolean isOf(String name, String competitor) {
        return name.equals(competitor) || name.startsWith(competitor + "-");
    }
}
