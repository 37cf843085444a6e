package io.kafila.bitswap;

import java.time.Duration;

/**
 * The limits and switches of an exchange. Start from {@link #DEFAULT} and change what differs.
 *
 * @param serve whether peers get blocks; without it every want is answered with DONT_HAVE
 * @param maxOutstandingBytesPerPeer how many bytes of blocks are read for a peer and not yet on the wire
 * @param maxOutstandingBytes the same over all peers
 * @param maxWantsPerPeer the wants kept of a peer; of more, those of the lowest priority are dropped
 * @param maxReceivedBytesPerPeer how many bytes of messages of a peer may be received and not yet stored; beyond that its
 *     streams are not read
 * @param maxReceivedBytes the same over all peers
 * @param maxInboundStreamsPerPeer more are reset
 * @param workerThreads the threads that hash
 * @param maxUnwantedBlocks how many blocks that nobody asked for close a peer
 * @param closedPeerTime how long such a peer is not fetched from
 * @param maxProviders how many providers are looked for at once
 * @param searchDelay how long a block that no connected peer has is waited for before providers are looked for
 * @param minTimeout the least time a peer is given to answer
 * @param maxTimeout the most, and what a peer of unknown speed is given
 */
public record BitswapOptions(
        boolean serve,
        long maxOutstandingBytesPerPeer,
        long maxOutstandingBytes,
        int maxWantsPerPeer,
        long maxReceivedBytesPerPeer,
        long maxReceivedBytes,
        int maxInboundStreamsPerPeer,
        int workerThreads,
        int maxUnwantedBlocks,
        Duration closedPeerTime,
        int maxProviders,
        Duration searchDelay,
        Duration minTimeout,
        Duration maxTimeout) {
    private static final long MIB = 1024 * 1024;

    /**
     * Serving: 8 MiB per peer cover 1 GB/s with 8 ms of scheduling; 32 MiB in all are a sixth of a node's buffers. Wants
     * per peer, providers and the delay are Go's. Receiving: 32 MiB per peer and 64 MiB in all, of blocks that are hashed and
     * stored at 1 GB/s: a force waits until 16 MiB are written, and as much again must be able to come meanwhile. Streams: Go
     * answers each want on a stream of its own, and a session has 512 wants at a peer. Hashing of two threads keeps up with 3
     * GB/s. A correct peer never sends an unwanted block, so few are forgiven.
     */
    public static final BitswapOptions DEFAULT = new BitswapOptions(
            true,
            8 * MIB,
            32 * MIB,
            1024,
            32 * MIB,
            64 * MIB,
            1024,
            2,
            4,
            Duration.ofMinutes(10),
            10,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(15));

    public BitswapOptions {
        requirePositive("maxOutstandingBytesPerPeer", maxOutstandingBytesPerPeer);
        requirePositive("maxOutstandingBytes", maxOutstandingBytes);
        requirePositive("maxWantsPerPeer", maxWantsPerPeer);
        requirePositive("maxReceivedBytesPerPeer", maxReceivedBytesPerPeer);
        requirePositive("maxReceivedBytes", maxReceivedBytes);
        requirePositive("maxInboundStreamsPerPeer", maxInboundStreamsPerPeer);
        requirePositive("workerThreads", workerThreads);
        requirePositive("maxUnwantedBlocks", maxUnwantedBlocks);
        requirePositive("maxProviders", maxProviders);
        requirePositive("minTimeout", minTimeout.toNanos());
        if (maxTimeout.compareTo(minTimeout) < 0) {
            throw new IllegalArgumentException("bitswap: maxTimeout " + maxTimeout + ", want at least " + minTimeout);
        }
    }

    public BitswapOptions withServe(boolean on) {
        return new BitswapOptions(
                on,
                maxOutstandingBytesPerPeer,
                maxOutstandingBytes,
                maxWantsPerPeer,
                maxReceivedBytesPerPeer,
                maxReceivedBytes,
                maxInboundStreamsPerPeer,
                workerThreads,
                maxUnwantedBlocks,
                closedPeerTime,
                maxProviders,
                searchDelay,
                minTimeout,
                maxTimeout);
    }

    public BitswapOptions withOutstanding(long perPeerBytes, long inAllBytes) {
        return new BitswapOptions(
                serve,
                perPeerBytes,
                inAllBytes,
                maxWantsPerPeer,
                maxReceivedBytesPerPeer,
                maxReceivedBytes,
                maxInboundStreamsPerPeer,
                workerThreads,
                maxUnwantedBlocks,
                closedPeerTime,
                maxProviders,
                searchDelay,
                minTimeout,
                maxTimeout);
    }

    public BitswapOptions withTimeouts(Duration search, Duration min, Duration max) {
        return new BitswapOptions(
                serve,
                maxOutstandingBytesPerPeer,
                maxOutstandingBytes,
                maxWantsPerPeer,
                maxReceivedBytesPerPeer,
                maxReceivedBytes,
                maxInboundStreamsPerPeer,
                workerThreads,
                maxUnwantedBlocks,
                closedPeerTime,
                maxProviders,
                search,
                min,
                max);
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException("bitswap: " + name + " " + value + ", want more than 0");
        }
    }
}
