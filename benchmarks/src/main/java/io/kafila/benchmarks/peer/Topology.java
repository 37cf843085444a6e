package io.kafila.benchmarks.peer;

/**
 * The places of the peers of a scenario and the links between them.
 *
 * <p>Roles are {@code source0}, {@code source1} and so on for peers that have the content, and {@code receiver0},
 * {@code receiver1} and so on for those that fetch it. Two competitors in one role share a site. Closing it takes the
 * links down; the processes have ended before.
 */
public interface Topology extends AutoCloseable {
    /** All on loopback, with nothing in between. */
    Topology LOCAL = new Topology() {
        @Override
        public Site site(String role) {
            return Site.LOCAL;
        }

        @Override
        public String toString() {
            return "loopback";
        }
    };

    /** Where the peer with a role runs; always the same place for the same role. */
    Site site(String role);

    /**
     * The address under which a peer reaches another one.
     *
     * @param role of the peer that connects
     * @param to the role of the other
     * @param address what the other one says of itself: a multiaddr, or a URL
     */
    default String via(String role, String to, String address) {
        return address;
    }

    /** What the emulation has carried until now, and where it has failed: a measurement during which it did does not count. */
    default Carried carried() {
        return Carried.NOTHING;
    }

    @Override
    default void close() {}
}
