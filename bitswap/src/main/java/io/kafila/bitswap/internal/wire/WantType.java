package io.kafila.bitswap.internal.wire;

/** What a want asks for. */
public enum WantType {
    /** The block itself. */
    BLOCK,
    /** Whether the peer has the block. */
    HAVE
}
