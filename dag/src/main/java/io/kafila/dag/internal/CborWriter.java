package io.kafila.dag.internal;

import io.kafila.dag.Codec;
import io.kafila.dag.CodecException;
import io.kafila.dag.IpldNode;
import io.kafila.multiformats.Cid;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Encodes one node as CBOR: shortest heads, definite lengths, floats of 64 bits. Confined to one write. */
final class CborWriter {
    /** Shorter keys first, then by their bytes (ipld.io/specs/codecs/dag-cbor, Strictness). */
    private static final Comparator<Entry> CANONICAL = Comparator.<Entry>comparingInt(entry -> entry.keyBytes().length)
            .thenComparing((a, b) -> Arrays.compareUnsigned(a.keyBytes(), b.keyBytes()));

    private final CborDialect dialect;
    private final Bytes out = new Bytes();

    private final Deque<Iterator<Entry>> open = new ArrayDeque<>();

    /** What a container holds: items without a key, entries with one. */
    private static final class Entry {
        private static final byte[] NO_KEY = {};

        private final byte @Nullable [] key;
        private final IpldNode value;

        Entry(byte @Nullable [] key, IpldNode value) {
            this.key = key;
            this.value = value;
        }

        byte[] keyBytes() {
            return key == null ? NO_KEY : key;
        }
    }

    CborWriter(CborDialect dialect) {
        this.dialect = dialect;
    }

    byte[] write(IpldNode root) {
        value(root);
        while (!open.isEmpty()) {
            Iterator<Entry> rest = open.element();
            if (!rest.hasNext()) {
                open.pop();
                continue;
            }
            Entry entry = rest.next();
            if (entry.key != null) {
                string(CborDialect.TEXT, entry.key);
            }
            value(entry.value);
        }
        return out.toByteArray();
    }

    /** A value; of a container the head, its items are to follow. */
    private void value(IpldNode node) {
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
                open(
                        CborDialect.LIST,
                        items.size(),
                        items.stream().map(item -> new Entry(null, item)).iterator());
            }
            case MAP -> {
                List<Entry> entries = entries(((IpldNode.MapValue) node).entries());
                open(CborDialect.MAP, entries.size(), entries.iterator());
            }
        }
    }

    private void open(int major, int count, Iterator<Entry> entries) {
        if (open.size() >= Codec.MAX_DEPTH) {
            throw CodecException.node(dialect.specName(), "nesting deeper than " + Codec.MAX_DEPTH, "at most that");
        }
        head(major, count);
        open.push(entries);
    }

    private List<Entry> entries(Map<String, IpldNode> map) {
        List<Entry> entries = new ArrayList<>(map.size());
        map.forEach((key, value) -> entries.add(new Entry(Utf8.encode(dialect.specName(), key), value)));
        if (dialect.canonical()) {
            entries.sort(CANONICAL);
        }
        return entries;
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
}
