package io.kafila.naming;

import java.time.Duration;

/**
 * When records are published again: soon after the start, then at an interval that leaves several chances within their
 * validity, and sooner where something failed. Plain and immutable.
 *
 * @param interval between two rounds
 * @param lifetime for which records are valid after each
 */
public record RepublishSchedule(Duration interval, Duration lifetime) {
    /** The first round waits for the network to come up. */
    public static final Duration FIRST = Duration.ofMinutes(1);

    public static final Duration AFTER_FAILURE = Duration.ofMinutes(5);

    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    /** Kubo's intervals. */
    public static final RepublishSchedule DEFAULT =
            new RepublishSchedule(Duration.ofHours(4), IpnsRecordDraft.DEFAULT_LIFETIME);

    public RepublishSchedule {
        if (interval.compareTo(SHORTEST) < 0 || interval.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "config setting IPNS.RepublishPeriod is not between 1min and 1day: " + interval);
        }
        if (lifetime.isNegative() || lifetime.isZero()) {
            throw new IllegalArgumentException("Ipns.RecordLifetime: " + lifetime + ", want more than 0");
        }
    }

    /** From the start to the first round. */
    public Duration first() {
        return shorter(FIRST, interval);
    }

    /** From the end of a round to the next one. */
    public Duration after(boolean failed) {
        return failed ? shorter(AFTER_FAILURE, interval) : interval;
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
