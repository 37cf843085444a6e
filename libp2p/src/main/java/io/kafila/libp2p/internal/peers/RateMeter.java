package io.kafila.libp2p.internal.peers;

/**
 * A total with its exponentially weighted rate, sampled once a second as go-flow-metrics does: a second's share weighs
 * 1 - 1/e. Thread-safe.
 */
final class RateMeter {
    private static final double NANOS_PER_SECOND = 1e9;

    private long total;
    private long sampledTotal;
    private long sampledNanos;
    private double rate;

    RateMeter(long nowNanos) {
        this.sampledNanos = nowNanos;
    }

    synchronized void add(long amount, long nowNanos) {
        sample(nowNanos);
        total += amount;
    }

    synchronized long total() {
        return total;
    }

    /** Units per second. */
    synchronized double rate(long nowNanos) {
        sample(nowNanos);
        return rate;
    }

    synchronized long sampledNanos() {
        return sampledNanos;
    }

    private void sample(long nowNanos) {
        double seconds = (nowNanos - sampledNanos) / NANOS_PER_SECOND;
        if (seconds < 1) {
            return;
        }
        double current = (total - sampledTotal) / seconds;
        rate = current + (rate - current) * Math.exp(-seconds);
        sampledTotal = total;
        sampledNanos = nowNanos;
    }
}
