package io.kafila.dag.internal;

import io.kafila.dag.Codec;
import io.kafila.dag.IpldNode;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multicodec;
import java.nio.ByteBuffer;
import java.util.List;

/** dag-pb between blocks and the data model: what is there is told from what is empty, so that it round-trips. */
public final class DagPbCodec implements Codec {

    @Override
    public long code() {
        return Multicodec.DAG_PB.code();
    }

    @Override
    public String specName() {
        return DagPbReader.CODEC;
    }

    @Override
    public IpldNode decode(ByteBuffer block) {
        return DagPbReader.tree(block);
    }

    @Override
    public byte[] encode(IpldNode node) {
        return DagPbWriter.encode(node);
    }

    @Override
    public List<Cid> links(ByteBuffer block) {
        return DagPbReader.links(block);
    }
}
