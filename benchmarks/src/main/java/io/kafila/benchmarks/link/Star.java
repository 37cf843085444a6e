package io.kafila.benchmarks.link;

import io.kafila.benchmarks.peer.Carried;
import io.kafila.benchmarks.peer.Topology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A topology of one peer in the middle and others at the end of emulated links. Its {@code toString} says how they are
 * emulated, for the report.
 */
public interface Star extends Topology {
    /** What the links have done until now. */
    LinkCounters counters();

    @Override
    default Carried carried() {
        LinkCounters counters = counters();
        return new Carried(counters.packets(), counters.late(), counters.overflowed());
    }

    /** The links of a plan in words, equal ones together. */
    static String describe(StarPlan plan) {
        Map<LinkShape, Integer> counts = new LinkedHashMap<>();
        plan.leaves().values().forEach(shape -> counts.merge(shape, 1, Integer::sum));
        List<String> parts = new ArrayList<>();
        counts.forEach((shape, count) -> parts.add((count == 1 ? "" : count + " x ") + shape));
        return String.join(" and ", parts);
    }
}
