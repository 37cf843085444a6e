package io.kafila.benchmarks.link;

import java.time.Duration;

/**
 * What a link does to what crosses it, in each of its two directions.
 *
 * @param roundTrip the time from one end to the other and back, half of it each way
 * @param bitsPerSecond the rate of each direction, counted in Ethernet frames
 * @param loss the share of the packets of each direction that never arrive, from 0 to 1
 */
public record LinkShape(Duration roundTrip, long bitsPerSecond, double loss) {
    /** The least queue of a router: below it the bursts of one sender would be lost on a short link. */
    private static final long MIN_QUEUE_BYTES = 256 * 1024;

    /** What a timer and a turn of the processor take is no fault of whoever carries a short link. */
    private static final long MIN_LATE_NANOS = 2_000_000;

    /** A packet is late by this part of a round trip. */
    private static final int LATE_PART = 4;

    private static final double BITS = 8;
    private static final double NANOS = 1e9;

    public LinkShape {
        if (roundTrip.isNegative() || roundTrip.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("link: round trip of " + roundTrip + ", want 0 to one minute");
        }
        if (bitsPerSecond < 1000) {
            throw new IllegalArgumentException("link: " + bitsPerSecond + " bit/s, want at least 1000");
        }
        if (!(loss >= 0 && loss < 1)) {
            throw new IllegalArgumentException("link: loss of " + loss + ", want 0 to below 1");
        }
    }

    /** A link without loss. */
    public static LinkShape of(Duration roundTrip, long bitsPerSecond) {
        return new LinkShape(roundTrip, bitsPerSecond, 0);
    }

    public LinkShape withLoss(double share) {
        return new LinkShape(roundTrip, bitsPerSecond, share);
    }

    /** How long one direction takes beyond its queue. */
    public long oneWayNanos() {
        return roundTrip.toNanos() / 2;
    }

    /** From when on a packet is so late that it tells of the emulation, and not of the link. */
    public long lateNanos() {
        return Math.max(MIN_LATE_NANOS, roundTrip.toNanos() / LATE_PART);
    }

    public double bytesPerSecond() {
        return bitsPerSecond / BITS;
    }

    /** What the round trip holds at full rate. */
    public long bandwidthDelayBytes() {
        return (long) (bytesPerSecond() * roundTrip.toNanos() / NANOS);
    }

    /** What waits before the link at most: one bandwidth-delay product, the rule for a path with a few long flows. */
    public long queueBytes() {
        return Math.max(MIN_QUEUE_BYTES, bandwidthDelayBytes());
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder()
                .append(roundTrip.toNanos() / 1e6)
                .append(" ms, ")
                .append(bitsPerSecond / 1e6)
                .append(" Mbit/s");
        if (loss > 0) {
            text.append(", ").append(loss * 100).append(" % loss");
        }
        return text.toString();
    }
}
