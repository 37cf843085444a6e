package io.kafila.bitswap.internal.client;

import java.util.function.LongSupplier;

/**
 * The time as sessions see it: it stands still while the store is so far behind that streams are not read, because what a
 * peer cannot deliver then is not its fault. Confined to the loop.
 */
final class SessionClock {
    private final LongSupplier nanoTime;
    private final long behindBytes;
    private boolean behind;
    private long pausedNanos;
    private long updatedAt;

    /** @param behindBytes from how many bytes that wait to be stored on the store is behind */
    SessionClock(LongSupplier nanoTime, long behindBytes) {
        this.nanoTime = nanoTime;
        this.behindBytes = behindBytes;
        this.updatedAt = nanoTime.getAsLong();
    }

    /** Notes how much waits to be stored. */
    void update(long pendingBytes) {
        long now = nanoTime.getAsLong();
        if (behind) {
            pausedNanos += now - updatedAt;
        }
        updatedAt = now;
        behind = pendingBytes >= behindBytes;
    }

    long now() {
        return behind ? updatedAt - pausedNanos : nanoTime.getAsLong() - pausedNanos;
    }

    /** A reading of the other clock on this one. */
    long at(long nanos) {
        return Math.min(now(), nanos - pausedNanos);
    }
}
