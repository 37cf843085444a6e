package io.kafila.bitswap.internal.client;

/**
 * The throughput and the latency of a peer, measured from its answers while something was asked of it. Old samples fade.
 * Confined to its session.
 */
final class RateEstimator {
    /** Taken for a peer of which nothing is known; its window is small until something is. */
    static final double UNKNOWN_BYTES_PER_SECOND = 4.0 * 1024 * 1024;

    /** No sample claims more: blocks of one message arrive at one instant. */
    private static final double MAX_BYTES_PER_SECOND = 4e9;

    private static final double NANOS_PER_SECOND = 1e9;

    /** Samples are halved in weight each time they sum up to this much busy time. */
    private static final double FADE_SECONDS = 0.5;

    private double bytes;
    private double seconds;
    private long latencyNanos;
    private long lastArrival = Long.MIN_VALUE;

    boolean known() {
        return seconds > 0;
    }

    double bytesPerSecond() {
        return known() ? Math.max(1, bytes / seconds) : UNKNOWN_BYTES_PER_SECOND;
    }

    /** The shortest time from a question to its answer that was seen, slowly forgetting; 0 while unknown. */
    long latencyNanos() {
        return latencyNanos;
    }

    /** How long the peer takes to deliver {@code size} bytes, without the latency. */
    long nanosFor(double size) {
        return (long) (size / bytesPerSecond() * NANOS_PER_SECOND);
    }

    /** The path's own measure, from below the exchange. */
    void roundTrip(long nanos) {
        if (nanos > 0 && latencyNanos == 0) {
            latencyNanos = nanos;
        }
    }

    /** A small answer to a question of {@code askedAt} has arrived. */
    void answered(long askedAt, long now) {
        long sample = Math.max(1, now - askedAt);
        // The minimum is the path; it rises slowly, in case the path has changed.
        latencyNanos = latencyNanos == 0 || sample < latencyNanos
                ? sample
                : Math.min(sample, latencyNanos + Math.max(1, latencyNanos / 64));
    }

    /** A block of {@code size} bytes, asked for at {@code askedAt}, has arrived. */
    void delivered(int size, long askedAt, long now) {
        long start = Math.max(lastArrival, askedAt + latencyNanos);
        seconds += Math.max((now - start) / NANOS_PER_SECOND, size / MAX_BYTES_PER_SECOND);
        bytes += size;
        lastArrival = Math.max(lastArrival, now);
        if (seconds > FADE_SECONDS) {
            bytes /= 2;
            seconds /= 2;
        }
    }

    /** The peer was given time and delivered nothing. */
    void timedOut(long waitedNanos) {
        if (known()) {
            seconds += waitedNanos / NANOS_PER_SECOND / 4;
        }
    }
}
