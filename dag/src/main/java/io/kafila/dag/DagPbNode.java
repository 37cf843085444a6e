package io.kafila.dag;

import io.kafila.dag.internal.DagPbReader;
import io.kafila.dag.internal.DagPbWriter;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A dag-pb block: links and data, the shape of every UnixFS node above the raw leaves (ipld.io/specs/codecs/dag-pb).
 *
 * <p>Decoding is strict in form. It loses two things that only {@link Codec#decode} keeps: whether a link lacks a name
 * or has an empty one, and the bytes of names that are not UTF-8, which become replacement characters.
 *
 * @param links in the order of the block
 * @param data what remains in the buffer; not copied. The accessor answers a fresh read-only view.
 */
public record DagPbNode(List<PbLink> links, Optional<ByteBuffer> data) {

    public DagPbNode {
        links = List.copyOf(links);
        data = data.map(bytes -> bytes.slice().asReadOnlyBuffer());
    }

    /**
     * The node in a block; its data is a view of the block's memory, good as long as that is.
     *
     * @throws CodecException if the bytes are no dag-pb
     */
    public static DagPbNode decode(ByteBuffer block) {
        return DagPbReader.node(block);
    }

    /** The canonical bytes: links sorted by the bytes of their names, equal names in the order given, then the data. */
    public byte[] encode() {
        return DagPbWriter.encode(this);
    }

    @Override
    public Optional<ByteBuffer> data() {
        return data.map(ByteBuffer::duplicate);
    }
}
