package io.kafila.dag.internal;

import io.kafila.dag.CodecException;
import io.kafila.dag.DagPbNode;
import io.kafila.dag.IpldNode;
import io.kafila.dag.PbLink;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.MultiformatException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Steps through the fields of one dag-pb block (ipld.io/specs/codecs/dag-pb): all links, then the data, or the data
 * first, as old writers did. Confined to one read.
 */
public final class DagPbReader {
    static final String CODEC = "dag-pb";

    private static final int TAG_DATA = 1 << 3 | 2;
    private static final int TAG_LINK = 2 << 3 | 2;
    private static final int TAG_HASH = 1 << 3 | 2;
    private static final int TAG_NAME = 2 << 3 | 2;
    private static final int TAG_TSIZE = 3 << 3;

    private final ByteBuffer block;
    private final int start;
    private final int end;
    private boolean sawData;
    private boolean sawLinks;
    private boolean linksEnded;

    /** The field that {@link #next} read: a link where this is present, the data where it is not. */
    private @Nullable Cid cid;

    private int fieldOffset;
    private int fieldEnd;
    private int nameOffset;
    private int nameLength;
    private long tsize;

    private DagPbReader(ByteBuffer block) {
        this.block = block.duplicate();
        this.start = block.position();
        this.end = block.limit();
    }

    /** {@link DagPbNode#decode}. */
    public static DagPbNode node(ByteBuffer block) {
        DagPbReader reader = new DagPbReader(block);
        List<PbLink> links = new ArrayList<>();
        Optional<ByteBuffer> data = Optional.empty();
        while (reader.next()) {
            Cid cid = reader.cid;
            if (cid == null) {
                data = Optional.of(reader.block.slice(reader.fieldOffset, reader.fieldEnd - reader.fieldOffset));
            } else {
                String name = reader.nameLength <= 0
                        ? ""
                        : Utf8.decodeLossy(reader.block, reader.nameOffset, reader.nameLength);
                links.add(new PbLink(cid, name, Math.max(0, reader.tsize)));
            }
        }
        return new DagPbNode(links, data);
    }

    /** The node as the data model has it: Data where there is one, Links, and of each link what is there. */
    static IpldNode tree(ByteBuffer block) {
        DagPbReader reader = new DagPbReader(block);
        DecodeBudget budget = new DecodeBudget(CODEC);
        List<IpldNode> links = new ArrayList<>();
        IpldNode data = null;
        while (reader.next()) {
            Cid cid = reader.cid;
            int length = reader.fieldEnd - reader.fieldOffset;
            budget.take(DecodeBudget.MAP_BYTES + 3 * DecodeBudget.ENTRY_BYTES + length, reader.fieldOffset);
            if (cid == null) {
                data = IpldNode.BytesValue.of(Utf8.bytes(reader.block, reader.fieldOffset, length));
            } else {
                links.add(reader.linkTree(cid));
            }
        }
        Map<String, IpldNode> entries = new LinkedHashMap<>();
        if (data != null) {
            entries.put("Data", data);
        }
        entries.put("Links", new IpldNode.ListValue(links));
        return new IpldNode.MapValue(entries);
    }

    private IpldNode linkTree(Cid cid) {
        Map<String, IpldNode> entries = new LinkedHashMap<>();
        entries.put("Hash", new IpldNode.LinkValue(cid));
        if (nameLength >= 0) {
            entries.put("Name", new IpldNode.StringValue(Utf8.decode(CODEC, block, nameOffset, nameLength)));
        }
        if (tsize >= 0) {
            entries.put("Tsize", IpldNode.IntValue.of(tsize));
        }
        return new IpldNode.MapValue(entries);
    }

    static List<Cid> links(ByteBuffer block) {
        DagPbReader reader = new DagPbReader(block);
        List<Cid> links = new ArrayList<>();
        while (reader.next()) {
            if (reader.cid != null) {
                links.add(reader.cid);
            }
        }
        return links;
    }

    /** Reads one field of the node; false at its end. */
    private boolean next() {
        if (!block.hasRemaining()) {
            return false;
        }
        int at = block.position();
        long tag = varint(end, "field");
        if (tag != TAG_DATA && tag != TAG_LINK) {
            throw bad(at, "node " + field(tag), "Links (2, wire type 2) or Data (1, wire type 2)");
        }
        int length = length(end, tag == TAG_DATA ? "Data" : "Links");
        fieldOffset = block.position();
        fieldEnd = fieldOffset + length;
        if (tag == TAG_DATA) {
            if (sawData) {
                throw bad(at, "duplicate Data section", "one");
            }
            sawData = true;
            linksEnded = sawLinks;
            cid = null;
        } else {
            if (linksEnded) {
                throw bad(at, "duplicate Links section", "all links together");
            }
            sawLinks = true;
            cid = link();
        }
        block.position(fieldEnd);
        return true;
    }

    private Cid link() {
        Cid hash = null;
        int last = 0;
        nameLength = -1;
        tsize = -1;
        while (block.position() < fieldEnd) {
            int at = block.position();
            long tag = varint(fieldEnd, "field of a link");
            int number = (int) Math.min(tag >>> 3, 4);
            if (tag != TAG_HASH && tag != TAG_NAME && tag != TAG_TSIZE) {
                throw bad(at, "link " + field(tag), "Hash (1, wire type 2), Name (2, 2) or Tsize (3, 0)");
            }
            if (number <= last) {
                throw bad(
                        at,
                        number == last
                                ? "duplicate field " + number + " of a link"
                                : "field " + number + " of a link after field " + last,
                        "Hash, Name, Tsize in this order");
            }
            last = number;
            if (tag == TAG_HASH) {
                hash = cid(length(fieldEnd, "Hash"));
            } else if (tag == TAG_NAME) {
                nameLength = length(fieldEnd, "Name");
                nameOffset = block.position();
                block.position(nameOffset + nameLength);
            } else {
                tsize = varint(fieldEnd, "Tsize");
            }
        }
        if (hash == null) {
            throw bad(fieldOffset, "invalid Hash field found in link", "a Cid");
        }
        return hash;
    }

    private Cid cid(int length) {
        int at = block.position();
        Cid hash;
        try {
            block.limit(at + length);
            hash = Cid.read(block);
        } catch (MultiformatException e) {
            throw CodecException.at(
                    CODEC, at - start, "invalid Hash field found in link (" + e.getMessage() + ")", "a Cid", e);
        } finally {
            block.limit(end);
        }
        if (block.position() != at + length) {
            throw bad(block.position(), "invalid Hash field found in link (bytes after the Cid)", "a Cid");
        }
        return hash;
    }

    private int length(int limit, String field) {
        int at = block.position();
        long length = varint(limit, "length of " + field);
        if (length > limit - block.position()) {
            throw bad(
                    at,
                    field + " of " + length + " bytes",
                    "at most the " + (limit - block.position()) + " that are left");
        }
        return (int) length;
    }

    private long varint(int limit, String field) {
        int at = block.position();
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            if (block.position() >= limit) {
                throw bad(at, field + " cut short", "a varint");
            }
            int b = block.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                if (b == 0 && shift > 0) {
                    throw bad(at, field + " as a varint with more bytes than needed", "the shortest");
                }
                return value;
            }
        }
        throw bad(at, field + " as a varint of more than 63 bits", "at most 63");
    }

    private static String field(long tag) {
        return "field " + (tag >>> 3) + " of wire type " + (tag & 7);
    }

    private CodecException bad(int at, String seen, String wanted) {
        return CodecException.at(CODEC, at - start, seen, wanted);
    }
}
