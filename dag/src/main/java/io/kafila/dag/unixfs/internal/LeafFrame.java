package io.kafila.dag.unixfs.internal;

import io.kafila.dag.unixfs.UnixfsData;
import io.kafila.dag.unixfs.UnixfsType;
import io.kafila.multiformats.Multicodec;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What stands around the bytes of a leaf in its block: nothing where it is raw, otherwise a dag-pb node without links whose
 * data is a UnixFS message. The bytes themselves are not moved.
 *
 * @param mode only where the leaf is a whole file
 */
record LeafFrame(boolean raw, UnixfsType type, OptionalInt mode, Optional<Instant> mtime) {

    /** Puts the frame around {@code pieces}; answers the codec of the block. */
    Multicodec wrap(List<ByteBuffer> pieces, int sizeBytes) {
        if (raw) {
            return Multicodec.RAW;
        }
        ProtoWriter head = new ProtoWriter(16).uint64(1, type.number());
        if (sizeBytes > 0) {
            head.tag(2, ProtoReader.BYTES).varint(sizeBytes);
        }
        // All that follows the data is what a message without type and data would be.
        byte[] message = UnixfsData.of(type)
                .withFile(sizeBytes, List.of())
                .withMetadata(mode, mtime)
                .encode();
        int typeBytes = 2;
        ByteBuffer tail =
                ByteBuffer.wrap(message, typeBytes, message.length - typeBytes).slice();
        ProtoWriter node =
                new ProtoWriter(32).tag(1, ProtoReader.BYTES).varint(head.size() + sizeBytes + tail.remaining());
        ByteBuffer front = ByteBuffer.allocate(node.size() + head.size());
        front.put(node.toByteArray()).put(head.toByteArray()).flip();
        pieces.add(0, front);
        pieces.add(tail);
        return Multicodec.DAG_PB;
    }
}
