package io.kafila.benchmarks.scenario;

import io.kafila.benchmarks.usage.Usage;
import java.util.Map;
import java.util.Optional;

/**
 * One repetition of one lane.
 *
 * @param repetition its number, from 1
 * @param seconds how long the timed part took; 0 for a failure
 * @param bytes how much content it moved
 * @param sides what each side cost
 * @param figures other figures by name, with the unit at its end
 * @param stealShare the share of the machine's time that the hypervisor took away meanwhile
 * @param load the machine's load average before
 * @param restarts how many of its peers were started in this turn in place of ones that had ended
 * @param failure why there is no figure
 */
public record Run(
        int repetition,
        double seconds,
        long bytes,
        Map<String, Usage> sides,
        Map<String, Double> figures,
        double stealShare,
        double load,
        int restarts,
        Optional<String> failure) {
    public Run {
        sides = Map.copyOf(sides);
        figures = Map.copyOf(figures);
    }

    static Run failed(int repetition, int restarts, String why) {
        return new Run(repetition, 0, 0, Map.of(), Map.of(), 0, 0, restarts, Optional.of(why));
    }

    public boolean ok() {
        return failure.isEmpty();
    }

    public double bytesPerSecond() {
        return bytes / seconds;
    }

    /** CPU seconds of all sides for each GiB of content. */
    public double cpuSecondsPerGib() {
        return sides.values().stream().mapToDouble(Usage::cpuSeconds).sum() / bytes * (1L << 30);
    }
}
