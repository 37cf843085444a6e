package io.kafila.libp2p.internal.yamux;

import static io.kafila.libp2p.internal.yamux.YamuxOptions.INITIAL_WINDOW_BYTES;

/**
 * How much the peer may send on one stream.
 *
 * <p>If half of the window is consumed in less than {@link #GROWTH_ROUND_TRIPS} round trips, the window, not the path, may be
 * what limits the peer, and it doubles, if the budget grants the difference: the rule of go-yamux.
 *
 * <p>Credit goes back when half of a small window was consumed, and of a large one in steps of {@link #STEP_BYTES}. What is
 * consumed and not yet granted again is missing at the peer: with steps of half a window, a path must hold no more than the
 * other half to be kept full.
 *
 * <p>What a window exceeds the initial one by is reserved before it is granted; the bytes of an initial window are reserved
 * as they arrive, so that idle streams take nothing. Granted credit cannot be taken back, so after {@link #shrink} the
 * reservation falls only as it is used up. Confined to the session's thread.
 */
final class ReceiveWindow {
    /** A window that is half consumed within this many round trips doubles. */
    static final int GROWTH_ROUND_TRIPS = 4;

    /** The least round trip reckoned with: below it threads and buffers take longer than the path. */
    static final long MIN_ROUND_TRIP_NANOS = 1_000_000;

    /** Often enough for a window to be worth its size, and still one small frame for many of data. */
    static final int STEP_BYTES = 1024 * 1024;

    private final StreamBudget budget;
    private final int maxBytes;
    private int targetBytes = INITIAL_WINDOW_BYTES;
    private int reservedBytes;
    private int creditBytes = INITIAL_WINDOW_BYTES;
    private int unreadBytes;
    private int epochBytes;
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

    /** {@code bytes} of data arrived, at most {@link #creditBytes}; {@code false} if the budget refuses to hold them. */
    boolean received(int bytes) {
        creditBytes -= bytes;
        unreadBytes += bytes;
        int missing = neededBytes(targetBytes) - reservedBytes;
        if (missing <= 0) {
            return true;
        }
        if (!budget.reserve(missing)) {
            return false;
        }
        reservedBytes += missing;
        return true;
    }

    /** {@code bytes} of data arrived and were dropped at once. */
    void dropped(int bytes) {
        creditBytes -= bytes;
        trim();
    }

    /** {@code bytes} were handed out or dropped. */
    void consumed(int bytes) {
        unreadBytes -= bytes;
        epochBytes += bytes;
        trim();
    }

    /**
     * The credit to send now, 0 if it is not worth a frame yet.
     *
     * @param roundTripNanos 0 while unknown
     */
    int grant(long nowNanos, long roundTripNanos) {
        boolean grown = false;
        if (epochBytes >= targetBytes / 2) {
            grown = roundTripNanos > 0
                    && nowNanos - epochNanos < GROWTH_ROUND_TRIPS * Math.max(roundTripNanos, MIN_ROUND_TRIP_NANOS)
                    && grow();
            epochBytes = 0;
            epochNanos = nowNanos;
        }
        int available = targetBytes - creditBytes - unreadBytes;
        if (available <= 0 || (!grown && available < Math.min(targetBytes / 2, STEP_BYTES))) {
            return 0; // also where the peer still has credit of a window that was larger
        }
        creditBytes += available;
        return available;
    }

    private boolean grow() {
        int growth = Math.min(targetBytes, maxBytes - targetBytes);
        int missing = Math.max(0, neededBytes(targetBytes + growth) - reservedBytes);
        if (growth == 0 || (missing > 0 && !budget.reserve(missing))) {
            return false;
        }
        targetBytes += growth;
        reservedBytes += missing;
        return true;
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

    private int neededBytes(int windowBytes) {
        int allowed = Math.max(windowBytes, creditBytes + unreadBytes);
        return Math.max(unreadBytes, allowed - INITIAL_WINDOW_BYTES);
    }

    private void trim() {
        int surplus = reservedBytes - neededBytes(targetBytes);
        if (surplus > 0) {
            budget.release(surplus);
            reservedBytes -= surplus;
        }
    }
}
