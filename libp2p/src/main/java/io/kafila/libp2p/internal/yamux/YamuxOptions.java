package io.kafila.libp2p.internal.yamux;

/**
 * What can be tuned of a session.
 *
 * @param maxWindowBytes up to where the receive window of a stream grows
 * @param maxFrameBytes the longest data frame sent, header excluded; what is received is bounded by the window alone
 * @param ackBacklog streams opened here that the peer has not acknowledged yet; further ones wait
 * @param maxInboundStreams open streams of the peer; further ones are reset
 * @param keepAliveNanos the time between pings
 * @param silenceNanos how long a ping may go unanswered while nothing else arrives
 * @param lingerNanos how long a stream closed here waits, without progress, for the peer to close its side
 * @param idleNanos after which a grown window is given back
 */
public record YamuxOptions(
        int maxWindowBytes,
        int maxFrameBytes,
        int ackBacklog,
        int maxInboundStreams,
        long keepAliveNanos,
        long silenceNanos,
        long lingerNanos,
        long idleNanos) {
    /** The window of a new stream, fixed by the specification. */
    public static final int INITIAL_WINDOW_BYTES = 256 * 1024;

    private static final long SECOND = 1_000_000_000L;

    /**
     * As go-yamux, but the number of streams, which the resource limits bound tighter, and the length of frames, each of which
     * costs work at both ends: what fits into the first window every peer takes.
     */
    public static final YamuxOptions DEFAULT = new YamuxOptions(
            16 * 1024 * 1024, 256 * 1024, 256, 4096, 30 * SECOND, 30 * SECOND, 30 * SECOND, 60 * SECOND);

    public YamuxOptions {
        if (maxWindowBytes < INITIAL_WINDOW_BYTES) {
            throw new IllegalArgumentException(
                    "yamux: largest window " + maxWindowBytes + ", want at least " + INITIAL_WINDOW_BYTES);
        }
        if (maxFrameBytes < 1 || ackBacklog < 1 || maxInboundStreams < 0) {
            throw new IllegalArgumentException("yamux: frame of " + maxFrameBytes + " bytes, backlog of " + ackBacklog
                    + ", " + maxInboundStreams + " streams, want positive numbers");
        }
    }
}
