package io.kafila.dag.unixfs.internal;

import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Hasher;
import io.kafila.multiformats.Multicodec;
import io.kafila.multiformats.Payload;
import java.io.IOException;
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
        LeafTask task = new LeafTask(() -> cid(plan, codec, pieces, blockBytes, parts.source()));
        return new Leaf(parts.slabs(), pieces, parts.sizeBytes(), task, blockBytes);
    }

    private static Cid cid(
            ImportPlan plan, Multicodec codec, List<ByteBuffer> pieces, int blockBytes, ChunkParts.Source bytes)
            throws IOException {
        if (plan.inlines(blockBytes)) {
            bytes.forEach(read -> {});
            return plan.cidOf(codec, pieces, blockBytes);
        }
        boolean framed = !codec.equals(Multicodec.RAW);
        Hasher hasher = plan.hash().newHasher();
        if (framed) {
            hasher.update(pieces.get(0).duplicate());
        }
        bytes.forEach(hasher::update);
        if (framed) {
            hasher.update(pieces.get(pieces.size() - 1).duplicate());
        }
        return plan.cidOf(codec, hasher.multihash());
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
