package io.kafila.benchmarks.peer;

import java.util.Locale;
import java.util.Optional;

/**
 * What the emulation of links has carried until now, and what it could not.
 *
 * @param packets that came out
 * @param late those of them that were late by a large part of their link's own delay
 * @param failed those that did not come out although the link would have let them through
 */
public record Carried(long packets, long late, long failed) {
    /** Nothing is emulated, or nothing is counted. */
    public static final Carried NOTHING = new Carried(0, 0, 0);

    /** A busy machine makes a few packets late; where it is more of them, what is measured is the emulation. */
    private static final double LATE_SHARE = 0.05;

    private static final double PERCENT = 100;

    /** Why what was measured since an earlier look does not count; nothing where it does. */
    public Optional<String> failureSince(Carried before) {
        long lost = failed - before.failed;
        long delayed = late - before.late;
        long all = packets - before.packets;
        if (lost <= 0 && delayed <= all * LATE_SHARE) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "the carrier could not carry this link, so this run does not count: of %d packets it lost %d, and %.1f %%"
                        + " were too late",
                all + lost,
                lost,
                all == 0 ? 0 : delayed * PERCENT / all));
    }
}
