package io.kafila.benchmarks.link;

import java.util.Locale;

/**
 * What links have carried and what they have not, over both directions.
 *
 * @param packets those that came out
 * @param bytes what they held, as Ethernet frames
 * @param lost packets lost on purpose
 * @param dropped packets that found the queue of the link full, as a router's would be
 * @param overflowed packets that this emulation could not take, or the kernel not keep for it: none, or the run does not
 *     count
 * @param late packets that came out later than {@link LinkShape#lateNanos} after their time: few, or the run does not count
 * @param latestNanos how late after its time a packet came out at worst
 */
public record LinkCounters(
        long packets, long bytes, long lost, long dropped, long overflowed, long late, long latestNanos) {
    /** Where nothing is counted. */
    public static final LinkCounters NONE = new LinkCounters(0, 0, 0, 0, 0, 0, 0);

    private static final double NANOS_PER_MILLI = 1e6;

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d packets, %d lost on purpose, %d dropped by a full queue, %d not carried, %d late, at worst %.1f ms",
                packets,
                lost,
                dropped,
                overflowed,
                late,
                latestNanos / NANOS_PER_MILLI);
    }
}
