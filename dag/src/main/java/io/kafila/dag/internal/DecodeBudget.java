package io.kafila.dag.internal;

import io.kafila.dag.Codec;
import io.kafila.dag.CodecException;

/**
 * What the nodes of one block may take of the heap: without it, a block of nothing but tiny maps would grow a
 * hundredfold when decoded. Confined to one decode.
 */
final class DecodeBudget {
    /** A node without content and the reference to it. */
    static final int NODE_BYTES = 32;
    /** A list, besides its items. */
    static final int LIST_BYTES = 48;
    /** A map, besides its entries. */
    static final int MAP_BYTES = 120;
    /** An entry of a map, besides its value. */
    static final int ENTRY_BYTES = 96;

    private final String codec;
    private long leftBytes = Codec.MAX_DECODED_BYTES;

    DecodeBudget(String codec) {
        this.codec = codec;
    }

    void take(long bytes, long offset) {
        leftBytes -= bytes;
        if (leftBytes < 0) {
            throw CodecException.at(
                    codec,
                    offset,
                    "nodes that take more than " + Codec.MAX_DECODED_BYTES + " bytes of memory",
                    "a smaller block");
        }
    }
}
