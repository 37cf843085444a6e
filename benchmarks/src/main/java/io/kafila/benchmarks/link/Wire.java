package io.kafila.benchmarks.link;

import java.util.SplittableRandom;

/**
 * One direction of a link: says of each packet when it comes out at the other end, if it does.
 *
 * <p>A packet waits until those before it have been sent at the link's rate, is sent itself, and travels. One that would
 * find the queue full is dropped; of the others a share is lost on the way, drawn from the seed. That is exact at any rate and
 * needs no timer: the queue is the time at which the link is free again. No I/O; confined to one thread.
 */
final class Wire {
    /** The queue was full. */
    static final long DROPPED = -1;

    /** The packet was sent and is lost. */
    static final long LOST = -2;

    private static final double NANOS_PER_SECOND = 1e9;

    private final double nanosPerByte;
    private final long queueNanos;
    private final long delayNanos;
    private final double loss;
    private final SplittableRandom random;
    /** When the link is free, in nanoseconds; a fraction of one lost with each packet would add up. */
    private double free = Double.NEGATIVE_INFINITY;

    Wire(LinkShape shape, long seed) {
        this.nanosPerByte = NANOS_PER_SECOND / shape.bytesPerSecond();
        this.queueNanos = (long) (shape.queueBytes() * nanosPerByte);
        this.delayNanos = shape.oneWayNanos();
        this.loss = shape.loss();
        this.random = new SplittableRandom(seed);
    }

    /**
     * A packet of {@code bytes} enters at {@code now}, which never goes back.
     *
     * @return when it comes out, later for later packets, or {@link #DROPPED} or {@link #LOST}
     */
    long send(long now, int bytes) {
        double start = Math.max(free, (double) now);
        double sending = bytes * nanosPerByte;
        if (start - now > 0 && start - now + sending > queueNanos) {
            return DROPPED;
        }
        free = start + sending;
        if (loss > 0 && random.nextDouble() < loss) {
            return LOST;
        }
        return (long) free + delayNanos;
    }

    /** How long a packet that enters now waits before it is sent. */
    long waitingNanos(long now) {
        return Math.max(0, (long) (free - now));
    }
}
