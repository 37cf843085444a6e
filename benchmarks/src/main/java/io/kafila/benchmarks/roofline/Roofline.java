package io.kafila.benchmarks.roofline;

import io.kafila.benchmarks.scenario.Workload;
import java.util.Optional;

/** What this machine allows at best for a workload, from measurements of the single stages in the same run. */
public interface Roofline {
    /** No bound is known. */
    Roofline NONE = workload -> Optional.empty();

    /** The bound of a workload, or nothing where there is no formula for it. */
    Optional<Bound> bound(Workload workload);

    /**
     * A bound.
     *
     * @param bytesPerSecond bytes of content each second at best
     * @param formula how it was computed, with the figures in place, in one line
     */
    record Bound(double bytesPerSecond, String formula) {}
}
