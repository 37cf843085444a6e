package io.kafila.dag.internal;

import io.kafila.dag.Codec;
import io.kafila.dag.CodecException;
import io.kafila.dag.IpldNode;
import io.kafila.multiformats.Cid;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Encodes one node as CBOR: shortest heads, definite lengths, floats of 64 bits. Confined to one write. */
final class CborWriter {
    /** Shorter keys first, then by their bytes (ipld.io/specs/codecs/dag-cbor, Strictness). */
    private static final Comparator<Entry> CANONICAL = Comparator.<Entry>comparingInt(entry -> entry.key.length)
            .thenComparing((a, b) -> Arrays.compareUnsigned(a.key, b.key));

    private final CborDialect dialect;
    private final Bytes out = new Bytes();

    private static final class Entry {
        final byte[] key;
        final IpldNode value;

        Entry(byte[] key, IpldNode value) {
            this.key = key;
            this.value = value;
        }
    }

    CborWriter(CborDialect dialect) {
        this.dialect = dialect;
    }

    byte[] write(IpldNode node) {
        value(node, 0);
        return out.toByteArray();
    }

    private void value(IpldNode node, int depth) {
        switch (node.kind()) {
            case NULL -> out.put(CborDialect.SIMPLE << 5 | CborDialect.NULL);
            case BOOL ->
                out.put(CborDialect.SIMPLE << 5
                        | (((IpldNode.BoolValue) node).value() ? CborDialect.TRUE : CborDialect.FALSE));
            case INT -> {
                IpldNode.IntValue number = (IpldNode.IntValue) node;
                head(number.negative() ? CborDialect.NEGATIVE : CborDialect.UNSIGNED, number.magnitude());
            }
            case FLOAT -> number(((IpldNode.FloatValue) node).value());
            case STRING ->
                string(CborDialect.TEXT, Utf8.encode(dialect.specName(), ((IpldNode.StringValue) node).value()));
            case BYTES -> {
                ByteBuffer bytes = ((IpldNode.BytesValue) node).value();
                head(CborDialect.BYTES, bytes.remaining());
                out.put(bytes);
            }
            case LINK -> link(((IpldNode.LinkValue) node).cid());
            case LIST -> {
                List<IpldNode> items = ((IpldNode.ListValue) node).items();
                requireDepth(depth);
                head(CborDialect.LIST, items.size());
                for (IpldNode item : items) {
                    value(item, depth + 1);
                }
            }
            case MAP -> map(((IpldNode.MapValue) node).entries(), depth);
        }
    }

    private void number(double value) {
        if (!dialect.anyFloat() && (!Double.isFinite(value) || CborReader.isNegativeZero(value))) {
            throw CodecException.node(dialect.specName(), "float " + value, "a finite number, zero without a sign");
        }
        out.put(CborDialect.SIMPLE << 5 | CborDialect.FLOAT_64);
        out.putBigEndian(Double.doubleToRawLongBits(value), 8);
    }

    private void link(Cid cid) {
        if (!dialect.links()) {
            throw CodecException.node(dialect.specName(), "link to " + cid, "no links");
        }
        byte[] bytes = cid.bytes();
        head(CborDialect.TAG, CborDialect.LINK_TAG);
        head(CborDialect.BYTES, bytes.length + 1);
        out.put(0);
        out.put(bytes);
    }

    private void map(Map<String, IpldNode> entries, int depth) {
        requireDepth(depth);
        head(CborDialect.MAP, entries.size());
        List<Entry> ordered = new ArrayList<>(entries.size());
        for (Map.Entry<String, IpldNode> entry : entries.entrySet()) {
            ordered.add(new Entry(Utf8.encode(dialect.specName(), entry.getKey()), entry.getValue()));
        }
        if (dialect.canonical()) {
            ordered.sort(CANONICAL);
        }
        for (Entry entry : ordered) {
            string(CborDialect.TEXT, entry.key);
            value(entry.value, depth + 1);
        }
    }

    private void string(int major, byte[] bytes) {
        head(major, bytes.length);
        out.put(bytes);
    }

    private void head(int major, long argument) {
        int type = major << 5;
        if (argument >= 0 && argument < 24) {
            out.put(type | (int) argument);
        } else if (argument >= 0 && argument <= 0xff) {
            out.put(type | 24);
            out.putBigEndian(argument, 1);
        } else if (argument >= 0 && argument <= 0xffff) {
            out.put(type | 25);
            out.putBigEndian(argument, 2);
        } else if (argument >= 0 && argument <= 0xffffffffL) {
            out.put(type | 26);
            out.putBigEndian(argument, 4);
        } else {
            out.put(type | 27);
            out.putBigEndian(argument, 8);
        }
    }

    private void requireDepth(int depth) {
        if (depth >= Codec.MAX_DEPTH) {
            throw CodecException.node(dialect.specName(), "nesting deeper than " + Codec.MAX_DEPTH, "at most that");
        }
    }
}
