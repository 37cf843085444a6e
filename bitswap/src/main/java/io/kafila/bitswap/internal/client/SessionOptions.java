package io.kafila.bitswap.internal.client;

/**
 * The tuning of a session. Times are in nanoseconds.
 *
 * @param budgetBytes how many bytes may be wanted or held at once
 * @param searchDelayNanos how long a want waits for connected peers before providers are looked for
 * @param minTimeoutNanos the least time that a peer is given to answer a want
 * @param maxTimeoutNanos the most, also for a peer whose speed is not known
 */
public record SessionOptions(long budgetBytes, long searchDelayNanos, long minTimeoutNanos, long maxTimeoutNanos) {
    private static final long MILLI = 1_000_000L;

    /** The delay is Go's; the bounds leave room for a garbage collection pause and for a peer behind a slow link. */
    public static final SessionOptions DEFAULT =
            new SessionOptions(32L * 1024 * 1024, 1000 * MILLI, 1000 * MILLI, 15_000 * MILLI);

    /** What a block is taken to weigh until one of its codec was seen: the chunk size of Kubo's default profile. */
    static final long INITIAL_BLOCK_BYTES = 256 * 1024;

    /** The wants that one session keeps at a peer. A server keeps 1024 of all sessions (wire-facts: wants kept per peer). */
    static final int MAX_WANTS_PER_PEER = 512;

    /** The wants that are asked of somebody, or of whom somebody is looked for, at once. */
    static final int MAX_ACTIVE_WANTS = 4096;

    /** What is asked of a peer before its first block came: enough to measure, little to lose. */
    static final int UNPROVEN_WANTS = 4;

    /** The least window of a proven peer in bytes: it covers a round trip that was measured too optimistically. */
    static final long MIN_WINDOW_BYTES = 2L * 1024 * 1024;

    /** How much time's worth of answers may be queued at one peer. More would only be moved when the peer gets slow. */
    static final long WINDOW_NANOS = 2000 * MILLI;

    /** The wants that connected peers are asked about at once, as in Go. */
    static final int MAX_BROADCAST_WANTS = 64;

    static final long REBROADCAST_NANOS = 30_000 * MILLI;

    /** DONT_HAVEs in a row after which a peer is asked only for what it says it has, as in Go. */
    static final int MAX_MISSES = 16;

    /** Timeouts in a row after which a peer must prove itself again. */
    static final int MAX_TIMEOUTS = 3;

    /** The wants that are asked of a second peer at once because the first is slow. */
    static final int MAX_RACED = 8;

    /** An advantage below this is not worth a duplicate. */
    static final long RACE_MARGIN_NANOS = 50 * MILLI;

    /** How long the first, unproven peer is waited for when another one says that it has the block. */
    static final long GUESS_NANOS = 250 * MILLI;

    static final long SEARCH_BACKOFF_NANOS = 5_000 * MILLI;

    static final long MAX_SEARCH_BACKOFF_NANOS = 60_000 * MILLI;

    SessionOptions withBudget(long bytes) {
        return new SessionOptions(bytes, searchDelayNanos, minTimeoutNanos, maxTimeoutNanos);
    }
}
