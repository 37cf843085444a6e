package io.kafila.bitswap.internal.wire;

import io.kafila.blockstore.WriteBuffer;
import org.jspecify.annotations.Nullable;

/** Where the bytes of a block go that is about to arrive. */
@FunctionalInterface
public interface BlockMemory {
    /** Blocks stay in the pieces in which they arrive. */
    BlockMemory NONE = sizeBytes -> null;

    /** Memory for {@code sizeBytes}, which the caller owns; {@code null} if there is none for a block of this size now. */
    @Nullable
    WriteBuffer forBlock(int sizeBytes);
}
