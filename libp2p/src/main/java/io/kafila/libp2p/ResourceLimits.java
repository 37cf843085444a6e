package io.kafila.libp2p;

import java.util.Map;

/**
 * How much of this host's resources others can take, by scope. A connection or stream counts in several scopes at once and
 * is refused where the first of them is full.
 *
 * @param system everything together
 * @param pending connections whose handshake is under way, and streams without a protocol yet; in the reports it is called
 *     {@code transient}
 * @param peer what one peer holds
 * @param protocol what all streams of one protocol hold, unless {@code protocols} says otherwise
 * @param protocols limits of single protocols, by id
 * @param connection what one connection holds; its connection counts are not used
 * @param streamMemoryBytes what one stream holds: the largest receive window and a message in the making
 * @param pendingStreamsPerPeer of {@code pending}'s inbound streams, what one peer holds over all of its connections
 * @param connectionsPerAddress inbound connections from one IPv4 address or one IPv6 /56; loopback is exempt
 */
public record ResourceLimits(
        Limit system,
        Limit pending,
        Limit peer,
        Limit protocol,
        Map<String, Limit> protocols,
        Limit connection,
        long streamMemoryBytes,
        int pendingStreamsPerPeer,
        int connectionsPerAddress) {

    /** The off-heap memory of a whole node, from which the defaults follow. */
    public static final long DEFAULT_BUDGET_BYTES = 128L << 20;

    /** The largest receive window of a stream. */
    private static final long LARGEST_WINDOW_BYTES = 16L << 20;

    private static final long MIB = 1L << 20;

    public ResourceLimits {
        protocols = Map.copyOf(protocols);
        if (streamMemoryBytes < 0 || pendingStreamsPerPeer < 0 || connectionsPerAddress < 0) {
            throw new IllegalArgumentException("resource limits: stream memory of " + streamMemoryBytes + " bytes, "
                    + pendingStreamsPerPeer + " pending streams per peer, " + connectionsPerAddress
                    + " connections per address, want none negative");
        }
    }

    /**
     * The most that one scope holds at a time.
     *
     * @param memoryBytes bytes reserved for receive windows and buffers
     */
    public record Limit(
            int inboundConnections,
            int outboundConnections,
            int inboundStreams,
            int outboundStreams,
            long memoryBytes) {
        public Limit {
            if (inboundConnections < 0
                    || outboundConnections < 0
                    || inboundStreams < 0
                    || outboundStreams < 0
                    || memoryBytes < 0) {
                throw new IllegalArgumentException("resource limit: a bound is negative");
            }
        }
    }

    public static ResourceLimits defaults() {
        return scaledTo(DEFAULT_BUDGET_BYTES);
    }

    /**
     * Limits for a node that may hold {@code budgetBytes} off the heap, at least 16 MiB.
     *
     * <p>Windows get three quarters, for the store and the sockets need the rest. One peer gets at most half of the budget
     * and one connection a quarter, so that two greedy peers leave something to others. The numbers of connections and
     * streams grow with the budget: an idle connection costs up to 64 KiB here, and an inbound stream about 4 KiB.
     */
    public static ResourceLimits scaledTo(long budgetBytes) {
        if (budgetBytes < 16 * MIB) {
            throw new IllegalArgumentException(
                    "resource limits: budget of " + budgetBytes + " bytes, want at least " + 16 * MIB);
        }
        int mebibytes = (int) Math.min(budgetBytes / MIB, 16 * 1024);
        long windows = budgetBytes / 4 * 3;
        return new ResourceLimits(
                new Limit(6 * mebibytes, 8 * mebibytes, 64 * mebibytes, 128 * mebibytes, windows),
                new Limit(mebibytes, 2 * mebibytes, 4 * mebibytes, 8 * mebibytes, budgetBytes / 8),
                // More than one connection, for both sides may dial at once; the streams are what bitswap and a DHT
                // need.
                new Limit(8, 8, 4 * mebibytes, 8 * mebibytes, budgetBytes / 2),
                new Limit(0, 0, 16 * mebibytes, 32 * mebibytes, windows),
                Map.of(),
                new Limit(0, 0, 4 * mebibytes, 8 * mebibytes, budgetBytes / 4),
                Math.min(LARGEST_WINDOW_BYTES + MIB, budgetBytes / 4),
                // A quarter of all that may be pending.
                mebibytes,
                8);
    }

    /** The limit of one protocol. */
    public Limit protocolLimit(String id) {
        return protocols.getOrDefault(id, protocol);
    }
}
