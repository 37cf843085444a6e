package io.kafila.dag.internal;

import io.kafila.dag.Codec;
import io.kafila.dag.CodecException;
import io.kafila.dag.IpldNode;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multicodec;
import java.nio.ByteBuffer;
import java.util.List;

/** Bytes without structure (ipld.io/specs/codecs/raw). */
public final class RawCodec implements Codec {
    private final long code;
    private final String specName;

    private RawCodec(long code, String specName) {
        this.code = code;
        this.specName = specName;
    }

    public static RawCodec raw() {
        return new RawCodec(Multicodec.RAW.code(), "raw");
    }

    /** Public keys, whose structure is no business of a graph. */
    public static RawCodec libp2pKey() {
        return new RawCodec(Multicodec.LIBP2P_KEY.code(), "libp2p-key");
    }

    @Override
    public long code() {
        return code;
    }

    @Override
    public String specName() {
        return specName;
    }

    @Override
    public IpldNode decode(ByteBuffer block) {
        return IpldNode.BytesValue.of(Utf8.bytes(block, block.position(), block.remaining()));
    }

    @Override
    public byte[] encode(IpldNode node) {
        if (node instanceof IpldNode.BytesValue bytes) {
            return bytes.toByteArray();
        }
        throw CodecException.node(specName, "node of kind " + node.kind(), "kind BYTES");
    }

    @Override
    public List<Cid> links(ByteBuffer block) {
        return List.of();
    }

    @Override
    public boolean hasLinks() {
        return false;
    }
}
