package io.kafila.bitswap.internal.wire;

import io.kafila.blockstore.Block;

/** What a message may hold. Each limit is checked before anything of that size is allocated. */
public final class WireLimits {
    /** ipfs/specs bitswap-protocol.md, 1.0.0 Protocol Format; go-libp2p MessageSizeMax. */
    public static final int MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

    /** ipfs/specs bitswap-protocol.md, Block Sizes. */
    public static final int MAX_BLOCK_BYTES = Block.MAX_SIZE_BYTES;

    /** Four varints of ten bytes and a digest of 128 bytes, as in boxo. */
    public static final int MAX_CID_BYTES = 168;

    /** The four varints of a Cid without its digest. */
    public static final int MAX_PREFIX_BYTES = 40;

    /** Sixteen times the wants that are kept of a peer; about 700 KiB on the wire. */
    public static final int MAX_ENTRIES = 16_384;

    /** As many as there may be entries to answer. */
    public static final int MAX_PRESENCES = 16_384;

    /** More blocks than any implementation batches; the message limit rules for blocks of more than 256 bytes. */
    public static final int MAX_BLOCKS = 16_384;

    private WireLimits() {}
}
