package io.kafila.benchmarks.link;

import io.kafila.benchmarks.link.StarPlan.Carrier;

/** Makes the links of a plan with what this machine has for it: netem, else a packet forwarder, else a proxy. */
public final class Links {
    private Links() {}

    /** Whether packets can be emulated here, and with them loss; elsewhere a proxy delays what is sent. */
    public static boolean carryPackets() {
        return NamespaceStar.isPossible();
    }

    /**
     * Makes the links.
     *
     * @throws LinkException if packets are to be lost and this process may not make network namespaces
     * @throws io.kafila.benchmarks.BenchException if another process emulates links already
     */
    public static Star open(StarPlan plan) {
        return plan.carrier() == Carrier.BEST && carryPackets() ? NamespaceStar.make(plan) : new ProxyStar(plan);
    }
}
