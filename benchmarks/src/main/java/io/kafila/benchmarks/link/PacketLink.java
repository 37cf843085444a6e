package io.kafila.benchmarks.link;

/** How the namespaces of a star are joined, and what is done to the packets between them. */
interface PacketLink extends AutoCloseable {
    /** The name of the interface of leaf {@code n} in its own namespace; the hub's is {@link #hubInterface}. */
    String LEAF_INTERFACE = "link0";

    /** Makes the two interfaces of leaf {@code n}, in its namespace and in the hub's, with the given hardware addresses. */
    void join(int n, LinkShape shape, String hubMac, String leafMac);

    /** All leaves are joined and their interfaces are up. */
    void start();

    LinkCounters counters();

    /** What does it, for the report. */
    @Override
    String toString();

    @Override
    void close();

    static String hubInterface(int n) {
        return "link" + n;
    }
}
