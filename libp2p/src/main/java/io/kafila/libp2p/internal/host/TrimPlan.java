package io.kafila.libp2p.internal.host;

import io.kafila.libp2p.Connection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which connections to close when there are too many: the least valued first, among equals those without streams, then the
 * peer's rather than ours, then the youngest. Immutable.
 */
final class TrimPlan {

    /** A connection as the plan sees it. */
    record Candidate(Connection connection, boolean isProtected, int value, int streams, long ageNanos) {}

    private static final Comparator<Candidate> LEAST_FIRST = Comparator.comparingInt(Candidate::value)
            .thenComparing(candidate -> candidate.streams() > 0)
            .thenComparing(candidate -> candidate.connection().direction() == Connection.Direction.OUTBOUND)
            .thenComparingLong(Candidate::ageNanos);

    private final int low;
    private final int high;
    private final long graceNanos;

    TrimPlan(int low, int high, long graceNanos) {
        if (low < 0 || high < low || graceNanos < 0) {
            throw new IllegalArgumentException(
                    "connection manager: watermarks " + low + " and " + high + ", want 0 <= low <= high");
        }
        this.low = low;
        this.high = high;
        this.graceNanos = graceNanos;
    }

    int high() {
        return high;
    }

    /** The connections to close: none up to the high watermark, else as many as lead to the low one, if there are. */
    List<Connection> choose(List<Candidate> all) {
        if (all.size() <= high) {
            return List.of();
        }
        List<Candidate> eligible = new ArrayList<>();
        for (Candidate candidate : all) {
            if (!candidate.isProtected() && candidate.ageNanos() >= graceNanos) {
                eligible.add(candidate);
            }
        }
        eligible.sort(LEAST_FIRST);
        return eligible.stream()
                .limit(all.size() - low)
                .map(Candidate::connection)
                .toList();
    }
}
