package io.kafila.blockstore;

import io.kafila.multiformats.Cid;
import java.nio.ByteBuffer;

/**
 * Copies parts of stored blocks in the caller's own thread, straight from the system's memory into the caller's: no task,
 * no block and no buffer between them. Thread-safe.
 */
public interface DirectReads {
    /** What is never there. */
    DirectReads NONE = (range, into, patience) -> false;

    /**
     * A part of a block.
     *
     * @param blockBytes the size that the block must have
     * @param offset where the part begins in the block, in bytes
     * @param length of the part, in bytes
     */
    record Range(Cid cid, int blockBytes, int offset, int length) {
        public Range {
            if (offset < 0 || length < 0 || length > blockBytes - offset) {
                throw new IllegalArgumentException("range of " + length + " bytes at " + offset + " of a block of "
                        + blockBytes + ", want one within it");
            }
        }
    }

    /** What a read may wait for. */
    enum Patience {
        /** Nothing: it is done where the bytes seem to be in memory, by a few of their pages. */
        MEMORY,
        /** The disk, once. */
        DISK
    }

    /**
     * Copies a range into {@code into}, which has room for it, and advances its position. Interrupting the thread ends the
     * read with a {@link BlockstoreException} and keeps its interrupted status.
     *
     * @return whether it was done; if not, {@code into} is as it was, and the block has to be asked for in the ordinary way:
     *     it is not here, has another size, must be hashed before anybody sees it, or would need more patience
     * @throws BlockstoreException where the disk fails
     */
    boolean read(Range range, ByteBuffer into, Patience patience);
}
