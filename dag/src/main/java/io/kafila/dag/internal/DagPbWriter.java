package io.kafila.dag.internal;

import io.kafila.dag.CodecException;
import io.kafila.dag.DagPbNode;
import io.kafila.dag.IpldNode;
import io.kafila.dag.PbLink;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Varint;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes dag-pb blocks in the one canonical form: sorted links, then data (ipld.io/specs/codecs/dag-pb). */
public final class DagPbWriter {
    private static final byte TAG_DATA = 1 << 3 | 2;
    private static final byte TAG_LINK = 2 << 3 | 2;
    private static final byte TAG_HASH = 1 << 3 | 2;
    private static final byte TAG_NAME = 2 << 3 | 2;
    private static final byte TAG_TSIZE = 3 << 3;

    private DagPbWriter() {}

    /** A link as bytes; no name where {@code name} is null, no size where {@code tsize} is negative. */
    private static final class Link {
        static final Comparator<Link> BY_NAME = (a, b) -> Arrays.compareUnsigned(a.sortKey(), b.sortKey());
        private static final byte[] NO_BYTES = {};

        private final byte[] hash;
        private final byte @Nullable [] name;
        private final long tsize;

        Link(byte[] hash, byte @Nullable [] name, long tsize) {
            this.hash = hash;
            this.name = name;
            this.tsize = tsize;
        }

        private byte[] sortKey() {
            return name == null ? NO_BYTES : name;
        }

        int size() {
            return field(hash.length)
                    + (name == null ? 0 : field(name.length))
                    + (tsize < 0 ? 0 : 1 + Varint.size(tsize));
        }

        void write(ByteBuffer out) {
            out.put(TAG_LINK);
            Varint.write(out, size());
            out.put(TAG_HASH);
            Varint.write(out, hash.length);
            out.put(hash);
            if (name != null) {
                out.put(TAG_NAME);
                Varint.write(out, name.length);
                out.put(name);
            }
            if (tsize >= 0) {
                out.put(TAG_TSIZE);
                Varint.write(out, tsize);
            }
        }
    }

    /** {@link DagPbNode#encode}. */
    public static byte[] encode(DagPbNode node) {
        List<Link> links = new ArrayList<>(node.links().size());
        for (PbLink link : node.links()) {
            if (link.tsize() < 0) {
                throw CodecException.node(DagPbReader.CODEC, "link with Tsize " + link.tsize(), "0 or more");
            }
            links.add(new Link(link.cid().bytes(), Utf8.encode(DagPbReader.CODEC, link.name()), link.tsize()));
        }
        return write(links, node.data().orElse(null));
    }

    /** The bytes of a node that has the form of the dag-pb schema; every other is refused. */
    static byte[] encode(IpldNode node) {
        if (!(node instanceof IpldNode.MapValue map)) {
            throw form("node of kind " + node.kind(), "a map");
        }
        for (String key : map.entries().keySet()) {
            if (!key.equals("Data") && !key.equals("Links")) {
                throw form("field \"" + key + "\"", "Data and Links");
            }
        }
        ByteBuffer data = null;
        IpldNode dataNode = map.entries().get("Data");
        if (dataNode instanceof IpldNode.BytesValue bytes) {
            data = bytes.value();
        } else if (dataNode != null) {
            throw form("Data of kind " + dataNode.kind(), "bytes");
        }
        IpldNode linksNode = map.entries().get("Links");
        if (!(linksNode instanceof IpldNode.ListValue list)) {
            throw form(linksNode == null ? "no Links" : "Links of kind " + linksNode.kind(), "a list");
        }
        List<Link> links = new ArrayList<>(list.items().size());
        for (IpldNode item : list.items()) {
            links.add(link(item));
        }
        return write(links, data);
    }

    private static Link link(IpldNode node) {
        if (!(node instanceof IpldNode.MapValue map)) {
            throw form("link of kind " + node.kind(), "a map");
        }
        Cid hash = null;
        byte[] name = null;
        long tsize = -1;
        for (Map.Entry<String, IpldNode> entry : map.entries().entrySet()) {
            IpldNode value = entry.getValue();
            switch (entry.getKey()) {
                case "Hash" -> {
                    if (!(value instanceof IpldNode.LinkValue link)) {
                        throw form("Hash of kind " + value.kind(), "a link");
                    }
                    hash = link.cid();
                }
                case "Name" -> {
                    if (!(value instanceof IpldNode.StringValue text)) {
                        throw form("Name of kind " + value.kind(), "a string");
                    }
                    name = Utf8.encode(DagPbReader.CODEC, text.value());
                }
                case "Tsize" -> {
                    if (!(value instanceof IpldNode.IntValue number) || number.negative() || !number.isLong()) {
                        throw form("Tsize " + value, "an integer from 0 to 2^63 - 1");
                    }
                    tsize = number.longValue();
                }
                default -> throw form("field \"" + entry.getKey() + "\" of a link", "Hash, Name and Tsize");
            }
        }
        if (hash == null) {
            throw form("link without Hash", "one");
        }
        return new Link(hash.bytes(), name, tsize);
    }

    private static byte[] write(List<Link> links, @Nullable ByteBuffer data) {
        // A stable sort: equal names keep their order.
        links.sort(Link.BY_NAME);
        long size = data == null ? 0 : field(data.remaining());
        for (Link link : links) {
            size += field(link.size());
        }
        if (size > Integer.MAX_VALUE) {
            throw CodecException.node(DagPbReader.CODEC, "node of " + size + " bytes", "less than 2 GiB");
        }
        ByteBuffer out = ByteBuffer.allocate((int) size);
        for (Link link : links) {
            link.write(out);
        }
        if (data != null) {
            out.put(TAG_DATA);
            Varint.write(out, data.remaining());
            out.put(data);
        }
        return out.array();
    }

    private static int field(int length) {
        return 1 + Varint.size(length) + length;
    }

    private static CodecException form(String seen, String wanted) {
        return CodecException.node(DagPbReader.CODEC, "invalid form: " + seen, wanted);
    }
}
