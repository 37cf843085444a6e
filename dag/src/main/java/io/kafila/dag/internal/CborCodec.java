package io.kafila.dag.internal;

import io.kafila.dag.Codec;
import io.kafila.dag.IpldNode;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multicodec;
import java.nio.ByteBuffer;
import java.util.List;

/** dag-cbor (ipld.io/specs/codecs/dag-cbor) and plain cbor (RFC 8949, as far as the data model reaches). */
public final class CborCodec implements Codec {
    private final long code;
    private final CborDialect dialect;

    private CborCodec(long code, CborDialect dialect) {
        this.code = code;
        this.dialect = dialect;
    }

    /** The one canonical form is read and written, nothing else. */
    public static CborCodec dagCbor() {
        return new CborCodec(Multicodec.DAG_CBOR.code(), CborDialect.DAG_CBOR);
    }

    /** dag-cbor in every form of a value, for what others wrote and nobody hashes, such as the headers of archives. */
    public static CborCodec lenientDagCbor() {
        return new CborCodec(Multicodec.DAG_CBOR.code(), CborDialect.LENIENT);
    }

    /** Every form of a value is read; links are not, maps keep their order. */
    public static CborCodec cbor() {
        return new CborCodec(Multicodec.CBOR.code(), CborDialect.CBOR);
    }

    @Override
    public long code() {
        return code;
    }

    @Override
    public String specName() {
        return dialect.specName();
    }

    @Override
    public IpldNode decode(ByteBuffer block) {
        return new CborReader(block, dialect).readBlock();
    }

    @Override
    public byte[] encode(IpldNode node) {
        return new CborWriter(dialect).write(node);
    }

    @Override
    public List<Cid> links(ByteBuffer block) {
        return dialect.links() ? CborLinks.scan(block) : List.of();
    }
}
