package io.kafila.benchmarks.link;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One peer in the middle and others around it, each at the end of a link of its own. Those around do not reach each other.
 *
 * @param hub the role of the peer in the middle
 * @param leaves the links to the others by their roles, in order
 * @param tcp what is set of TCP everywhere
 * @param mtuBytes the longest IP packet. 9000 keeps the number of packets, and so the cost of emulating them, low; real
 *     paths mostly have 1500, where a loss of the same share costs a sender more
 * @param seed decides which packets are lost
 * @param carrier how the links are to be made
 */
public record StarPlan(
        String hub, Map<String, LinkShape> leaves, TcpSettings tcp, int mtuBytes, long seed, Carrier carrier) {
    /** How links are made. */
    public enum Carrier {
        /** Packet by packet where this process may, else by a proxy. */
        BEST,
        /** By a proxy, also where more would be possible. */
        PROXY
    }

    public static final int DEFAULT_MTU_BYTES = 9000;

    /** More would not fit the addresses, nor a machine. */
    static final int MAX_LEAVES = 64;

    static final int MIN_MTU_BYTES = 576;
    static final int MAX_MTU_BYTES = 60_000;

    public StarPlan {
        if (leaves.isEmpty() || leaves.size() > MAX_LEAVES || leaves.containsKey(hub)) {
            throw new IllegalArgumentException(
                    "links: roles " + leaves.keySet() + " around " + hub + ", want 1 to " + MAX_LEAVES + " others");
        }
        if (mtuBytes < MIN_MTU_BYTES || mtuBytes > MAX_MTU_BYTES) {
            throw new IllegalArgumentException(
                    "links: MTU of " + mtuBytes + ", want " + MIN_MTU_BYTES + " to " + MAX_MTU_BYTES);
        }
        leaves = Collections.unmodifiableMap(new LinkedHashMap<>(leaves));
    }

    /** One link between two peers. */
    public static StarPlan pair(String one, String other, LinkShape shape) {
        return new StarPlan(one, Map.of(other, shape), TcpSettings.LONG_PATHS, DEFAULT_MTU_BYTES, 1, Carrier.BEST);
    }

    public StarPlan with(TcpSettings settings) {
        return new StarPlan(hub, leaves, settings, mtuBytes, seed, carrier);
    }

    public StarPlan withMtu(int bytes) {
        return new StarPlan(hub, leaves, tcp, bytes, seed, carrier);
    }

    public StarPlan withSeed(long value) {
        return new StarPlan(hub, leaves, tcp, mtuBytes, value, carrier);
    }

    /** Whether any packet is to be lost. */
    boolean loses() {
        return leaves.values().stream().anyMatch(shape -> shape.loss() > 0);
    }
}
