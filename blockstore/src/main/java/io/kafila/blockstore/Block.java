package io.kafila.blockstore;

import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Payload;

/**
 * A Cid and the bytes that hash to it.
 *
 * <p>A block does not verify itself: {@link #verified()} does. It owns one share of its payload; whoever keeps it
 * across an asynchronous boundary retains it, and every owner closes it.
 */
public record Block(Cid cid, Payload payload) implements AutoCloseable {
    /**
     * The largest block that is served to peers or accepted from them, and stored unless a user asks for more, in bytes
     * (ipfs/specs bitswap-protocol.md, Block Sizes).
     */
    public static final int MAX_SIZE_BYTES = 2 * 1024 * 1024;

    /** The largest block that is stored for a user who asks for it: with its Cid it fits a section of a CAR archive. */
    public static final int MAX_BIG_SIZE_BYTES = 8 * 1024 * 1024 - 256;

    public int sizeBytes() {
        return payload.size();
    }

    /** Whether the payload hashes to the Cid. Costs one pass over the bytes. */
    public boolean verified() {
        return cid.multihash().verifies(payload);
    }

    /** One more owner of the payload. */
    public Block retain() {
        payload.retain();
        return this;
    }

    @Override
    public void close() {
        payload.close();
    }
}
