package io.kafila.bitswap.internal.wire;

import io.kafila.blockstore.Block;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multicodec;
import io.kafila.multiformats.Payload;

/**
 * A block as it travels: the bytes, and how to make their Cid, but no digest. So it proves nothing until it is hashed.
 * It owns one share of its data.
 */
public record WireBlock(Cid.Prefix prefix, Payload data) implements AutoCloseable {
    /** What the blocks of 1.0.0 are, which come without a prefix: sha2-256, dag-pb, version 0. */
    public static final Cid.Prefix LEGACY_PREFIX = new Cid.Prefix(0, Multicodec.DAG_PB.code(), 0x12, 32);

    /** The block on its way out; takes over the ownership of its payload. */
    public static WireBlock take(Block block) {
        return new WireBlock(block.cid().prefix(), block.payload());
    }

    @Override
    public void close() {
        data.close();
    }
}
