package io.kafila.dht.sim;

import java.time.Duration;

/**
 * What world a simulation begins with.
 *
 * @param nodes how many honest nodes
 * @param seed what all chance comes from: the same seed, the same run
 * @param rtt the mean round trip; that of two peers lies between half and one and a half of it, by where they are
 * @param loss the share of packets that are lost, 0 to 1; they are sent again by TCP's timeouts
 * @param ipLimits whether routing tables and lookups limit the peers of one IP group, as they do in the public network
 */
public record SimOptions(int nodes, long seed, Duration rtt, double loss, boolean ipLimits) {
    /** A thousand nodes, 100 ms apart, with sure links. */
    public static final SimOptions DEFAULT = new SimOptions(1000, 1, Duration.ofMillis(100), 0, true);

    public static final int MAX_NODES = 100_000;

    public SimOptions {
        if (nodes < 2 || nodes > MAX_NODES) {
            throw new IllegalArgumentException("simulation: " + nodes + " nodes, want 2 to " + MAX_NODES);
        }
        if (rtt.isNegative() || rtt.compareTo(Duration.ofSeconds(5)) > 0) {
            throw new IllegalArgumentException("simulation: round trip of " + rtt.toMillis() + " ms, want 0 to 5000");
        }
        if (!(loss >= 0 && loss < 1)) {
            throw new IllegalArgumentException("simulation: loss of " + loss + ", want 0 to below 1");
        }
    }

    public SimOptions withNodes(int count) {
        return new SimOptions(count, seed, rtt, loss, ipLimits);
    }

    public SimOptions withSeed(long value) {
        return new SimOptions(nodes, value, rtt, loss, ipLimits);
    }

    public SimOptions withRtt(Duration mean) {
        return new SimOptions(nodes, seed, mean, loss, ipLimits);
    }

    public SimOptions withLoss(double share) {
        return new SimOptions(nodes, seed, rtt, share, ipLimits);
    }

    public SimOptions withIpLimits(boolean limited) {
        return new SimOptions(nodes, seed, rtt, loss, limited);
    }
}
