package io.kafila.dag;

import io.kafila.multiformats.Cid;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * How the blocks of one multicodec are written and read. Immutable and thread-safe.
 *
 * <p>What remains in a buffer is one whole block; its position is not moved. Nothing but {@link CodecException} comes out of
 * bad bytes, whatever they are: depth, counts and lengths are checked before anything is allocated for them.
 */
public interface Codec {
    /** The deepest nesting of lists and maps that is decoded or encoded, as in go-ipld-prime. */
    int MAX_DEPTH = 1024;

    /** What the nodes of one block may take of the heap, roughly, in bytes: thirty-two times the largest block. */
    long MAX_DECODED_BYTES = 64L * 1024 * 1024;

    /** The code of the multicodec table. */
    long code();

    /** The name in the multicodec table. */
    String specName();

    /** The whole block as a node, which shares no memory with the buffer. */
    IpldNode decode(ByteBuffer block);

    /** The canonical bytes of a node. */
    byte[] encode(IpldNode node);

    /**
     * The links of a block in order, duplicates included, without building its nodes.
     *
     * <p>It reads what it must to find them and may pass over faults that {@link #decode} finds.
     */
    List<Cid> links(ByteBuffer block);

    /** Whether a block may link to others; if not, its bytes are never looked at for links. */
    default boolean hasLinks() {
        return true;
    }
}
