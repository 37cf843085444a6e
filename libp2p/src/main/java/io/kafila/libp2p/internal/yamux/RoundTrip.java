package io.kafila.libp2p.internal.yamux;

/** The pings of a session: keep-alive and round-trip time at once. Confined to the session's thread, but for reading the result. */
final class RoundTrip {
    private final long keepAliveNanos;
    private final long silenceNanos;
    private boolean due = true;
    private boolean pending;
    private long value;
    private long sentNanos;
    private long heardNanos;
    private volatile long smoothedNanos;

    RoundTrip(long keepAliveNanos, long silenceNanos, long nowNanos) {
        this.keepAliveNanos = keepAliveNanos;
        this.silenceNanos = silenceNanos;
        this.sentNanos = nowNanos;
        this.heardNanos = nowNanos;
    }

    long smoothedNanos() {
        return smoothedNanos;
    }

    boolean isDue() {
        return due;
    }

    /** A ping goes out now; the answer is its value. */
    long send(long nowNanos) {
        due = false;
        pending = true;
        sentNanos = nowNanos;
        value = (value + 1) & 0xffff_ffffL;
        return value;
    }

    void onPong(long echoed, long nowNanos) {
        if (!pending || echoed != value) {
            return;
        }
        pending = false;
        long sample = Math.max(1, nowNanos - sentNanos);
        long before = smoothedNanos;
        smoothedNanos = before == 0 ? sample : before / 2 + sample / 2;
    }

    /** Any byte of the peer is a sign of life: a pong may be stuck behind much data. */
    void onHeard(long nowNanos) {
        heardNanos = nowNanos;
    }

    /** @throws YamuxException if the peer has been silent for too long */
    void tick(long nowNanos) {
        if (pending && nowNanos - Math.max(sentNanos, heardNanos) >= silenceNanos) {
            throw new YamuxException(
                    YamuxException.Kind.SILENCE,
                    "no answer to a ping and nothing else for " + silenceNanos / 1_000_000 + " ms");
        }
        if (nowNanos - sentNanos >= keepAliveNanos) {
            due = true;
        }
    }
}
