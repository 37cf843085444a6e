package io.kafila.bitswap.internal.server;

/**
 * The bounds of a decision engine.
 *
 * @param serve whether blocks are given at all
 * @param maxOutstandingBytesPerPeer the bytes of blocks read for a peer and not on the wire
 * @param maxOutstandingBytes the same over all peers
 * @param maxWantsPerPeer the wants kept of a peer
 */
record EngineOptions(boolean serve, long maxOutstandingBytesPerPeer, long maxOutstandingBytes, int maxWantsPerPeer) {
    /** Up to this size a block is sent where only its presence was asked for, as in boxo and Helia. */
    static final int HAVE_REPLACE_BYTES = 1024;

    /**
     * Small blocks are gathered up to this, sixteen times Go's: each message costs both sides a read, a write and some
     * hand-overs. Less than the large blocks that go alone, so that it delays nobody more than they do.
     */
    static final long TARGET_MESSAGE_BYTES = 256 * 1024;

    static final int MAX_BLOCKS_PER_MESSAGE = 256;

    /** A send that fails this often is not tried again. */
    static final int MAX_FAILURES = 3;
}
