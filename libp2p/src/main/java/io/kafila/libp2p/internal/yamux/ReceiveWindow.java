package io.kafila.libp2p.internal.yamux;

import static io.kafila.libp2p.internal.yamux.YamuxOptions.INITIAL_WINDOW_BYTES;

/**
 * How much the peer may send on one stream.
 *
 * <p>Credit goes back when half of the window was consumed. If that took less than {@link #GROWTH_ROUND_TRIPS} round trips,
 * the window, not the path, is what limits the peer, and it doubles, if the budget grants the difference: the rule of
 * go-yamux. The reservation covers what the peer was allowed to send and what lies unread, so after {@link #shrink} it
 * falls only as granted credit is used up. Confined to the session's thread.
 */
final class ReceiveWindow {
    /** A window that is half consumed within this many round trips doubles. */
    static final int GROWTH_ROUND_TRIPS = 4;

    /** The least round trip reckoned with: below it threads and buffers take longer than the path. */
    static final long MIN_ROUND_TRIP_NANOS = 1_000_000;

    private final StreamBudget budget;
    private final int maxBytes;
    private int targetBytes = INITIAL_WINDOW_BYTES;
    private int reservedBytes = INITIAL_WINDOW_BYTES;
    private int creditBytes = INITIAL_WINDOW_BYTES;
    private int unreadBytes;
    private long epochNanos;

    ReceiveWindow(StreamBudget budget, int maxBytes, long nowNanos) {
        this.budget = budget;
        this.maxBytes = maxBytes;
        this.epochNanos = nowNanos;
    }

    int creditBytes() {
        return creditBytes;
    }

    int targetBytes() {
        return targetBytes;
    }

    int reservedBytes() {
        return reservedBytes;
    }

    int unreadBytes() {
        return unreadBytes;
    }

    /** {@code bytes} of data arrived, at most {@link #creditBytes}. */
    void received(int bytes) {
        creditBytes -= bytes;
        unreadBytes += bytes;
    }

    /** {@code bytes} were handed out or dropped. */
    void consumed(int bytes) {
        unreadBytes -= bytes;
        trim();
    }

    /**
     * The credit to send now, 0 if it is not worth a frame yet.
     *
     * @param roundTripNanos 0 while unknown
     */
    int grant(long nowNanos, long roundTripNanos) {
        int available = targetBytes - creditBytes - unreadBytes;
        if (available < targetBytes / 2) {
            return 0;
        }
        if (roundTripNanos > 0
                && targetBytes < maxBytes
                && nowNanos - epochNanos < GROWTH_ROUND_TRIPS * Math.max(roundTripNanos, MIN_ROUND_TRIP_NANOS)) {
            int growth = Math.min(targetBytes, maxBytes - targetBytes);
            if (budget.reserve(growth)) {
                targetBytes += growth;
                reservedBytes += growth;
                available += growth;
            }
        }
        epochNanos = nowNanos;
        creditBytes += available;
        return available;
    }

    /** The peer will send nothing more. */
    void end() {
        targetBytes = 0;
        creditBytes = 0;
        trim();
    }

    /** Goes back to the initial window if nothing was granted for {@code idleNanos}. */
    void shrink(long nowNanos, long idleNanos) {
        if (targetBytes > INITIAL_WINDOW_BYTES && nowNanos - epochNanos >= idleNanos) {
            targetBytes = INITIAL_WINDOW_BYTES;
            trim();
        }
    }

    private void trim() {
        int needed = Math.max(targetBytes, creditBytes + unreadBytes);
        if (needed < reservedBytes) {
            budget.release(reservedBytes - needed);
            reservedBytes = needed;
        }
    }
}
