package io.kafila.benchmarks.link;

/** Makes the links of a plan with what this machine has for it: netem, else a packet forwarder. */
public final class Links {
    private Links() {}

    /** Whether packets can be emulated here, and with them loss; elsewhere there is no emulation. */
    public static boolean carryPackets() {
        return NamespaceStar.isPossible();
    }

    /**
     * Makes the links.
     *
     * @throws io.kafila.benchmarks.BenchException if this process may not make network namespaces, or another one emulates
     *     links already
     */
    public static Star open(StarPlan plan) {
        return NamespaceStar.make(plan);
    }
}
