package io.kafila.dag.unixfs.internal;

import io.kafila.multiformats.Multicodec;
import io.kafila.multiformats.Payload;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A leaf of a file, lying where it was read: one part of a slab, or several, with the frame of dag-pb around them where it
 * is not raw. Owns its parts until it is given away as a payload or released.
 */
final class Leaf {
    private final List<Slab> slabs;
    private final List<ByteBuffer> pieces;
    private final int fileBytes;
    private final int blockBytes;
    private final LeafTask task;

    private Leaf(List<Slab> slabs, List<ByteBuffer> pieces, int fileBytes, LeafTask task, int blockBytes) {
        this.slabs = slabs;
        this.pieces = pieces;
        this.fileBytes = fileBytes;
        this.task = task;
        this.blockBytes = blockBytes;
    }

    static Leaf of(ImportPlan plan, LeafFrame frame, ChunkParts parts) {
        List<ByteBuffer> pieces = new ArrayList<>(parts.pieces());
        Multicodec codec = frame.wrap(pieces, parts.sizeBytes());
        int blockBytes = pieces.stream().mapToInt(ByteBuffer::remaining).sum();
        ChunkParts.Filling filling = parts.filling();
        LeafTask task = new LeafTask(() -> {
            filling.run();
            return plan.cidOf(codec, pieces, blockBytes);
        });
        return new Leaf(parts.slabs(), pieces, parts.sizeBytes(), task, blockBytes);
    }

    /** A raw leaf whose bytes stay in their file: it has a name, and no payload. */
    static Leaf of(ImportPlan plan, FileRange range, BufferPool pool) {
        LeafTask task = new LeafTask(() -> {
            ByteBuffer piece = pool.takePiece();
            try {
                return plan.cidOf(Multicodec.RAW, range.digest(plan.hash(), piece));
            } finally {
                pool.givePiece(piece);
            }
        });
        return new Leaf(List.of(), List.of(), range.sizeBytes(), task, range.sizeBytes());
    }

    LeafTask task() {
        return task;
    }

    int fileBytes() {
        return fileBytes;
    }

    int blockBytes() {
        return blockBytes;
    }

    /** The bytes of the block; the last close of the payload releases the leaf. */
    Payload intoPayload() {
        return Payload.of(pieces, this::release);
    }

    void release() {
        slabs.forEach(Slab::release);
    }
}
