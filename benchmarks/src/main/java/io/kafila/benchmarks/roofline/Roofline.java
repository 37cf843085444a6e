package io.kafila.benchmarks.roofline;

import io.kafila.benchmarks.scenario.Workload;
import java.util.Map;
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
    record Bound(double bytesPerSecond, String formula) {
        /** The name of the bound of a single lane; that of a scenario has the scenario's. */
        public static String nameOf(String scenario, String lane) {
            return scenario + "/" + lane;
        }

        /** What bounds a lane, out of bounds by their names: its own, else its scenario's. */
        public static Optional<Bound> of(Map<String, Bound> bounds, String scenario, String lane) {
            return Optional.ofNullable(bounds.get(nameOf(scenario, lane)))
                    .or(() -> Optional.ofNullable(bounds.get(scenario)));
        }
    }
}
