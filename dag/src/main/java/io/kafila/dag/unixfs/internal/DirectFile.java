package io.kafila.dag.unixfs.internal;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.DirectReads;
import io.kafila.blockstore.DirectReads.Patience;
import io.kafila.dag.PbLink;
import io.kafila.multiformats.Multicodec;
import java.nio.ByteBuffer;

/**
 * Finds the raw leaf of a place in a file by way of the inner nodes that are known, and copies from it in the caller's
 * thread. What is not that simple, faults of the file among it, is left to {@link FileCursor}. Thread-safe.
 */
public final class DirectFile {
    private final DirectReads reads;
    private final NodeCache cache;
    private final UnixfsNode root;

    /** @param root the file's node; borrowed */
    public DirectFile(DirectReads reads, NodeCache cache, UnixfsNode root) {
        this.reads = reads;
        this.cache = cache;
        this.root = root;
    }

    /**
     * Copies from a place of the file on, as far as its leaf and {@code target} go.
     *
     * @return how many bytes, 0 where the bytes are not at hand
     */
    int read(long position, ByteBuffer target, Patience patience) {
        UnixfsNode node = root;
        long start = 0;
        for (int depth = 0; depth < FileCursor.MAX_DEPTH; depth++) {
            if (node.contentBytes() > 0) {
                return 0;
            }
            int child = 0;
            while (child < node.links().size() && position - start >= node.blocksize(child)) {
                start += node.blocksize(child++);
            }
            if (child == node.links().size()) {
                return 0;
            }
            PbLink link = node.links().get(child);
            long size = node.blocksize(child);
            if (link.cid().codec() == Multicodec.RAW.code()) {
                return size > Block.MAX_BIG_SIZE_BYTES
                        ? 0
                        : leaf(link, (int) size, (int) (position - start), target, patience);
            }
            UnixfsNode known = cache.find(link.cid());
            if (known == null || known.fileBytes() != size) {
                return 0;
            }
            node = known;
        }
        return 0;
    }

    private int leaf(PbLink link, int size, int offset, ByteBuffer target, Patience patience) {
        int length = Math.min(size - offset, target.remaining());
        return reads.read(new DirectReads.Range(link.cid(), size, offset, length), target, patience) ? length : 0;
    }
}
