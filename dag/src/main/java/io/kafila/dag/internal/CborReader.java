package io.kafila.dag.internal;

import io.kafila.dag.Codec;
import io.kafila.dag.IpldNode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decodes one CBOR block into a node, without recursion: stacks of threads are small. Confined to one read. */
final class CborReader extends CborHeads {
    /** No list is allocated for more items than this before they were seen. */
    private static final int MAX_PREALLOCATED = 1024;

    private static final IpldNode NULL = new IpldNode.NullValue();
    private static final IpldNode TRUE = new IpldNode.BoolValue(true);
    private static final IpldNode FALSE = new IpldNode.BoolValue(false);

    private final DecodeBudget budget;
    private final Deque<Container> open = new ArrayDeque<>();

    CborReader(ByteBuffer block, CborDialect dialect) {
        super(block, dialect);
        budget = new DecodeBudget(dialect.specName());
    }

    IpldNode readBlock() {
        head();
        while (true) {
            IpldNode node = value();
            while (node != null || isOver()) {
                if (node == null) {
                    node = open.pop().node();
                }
                Container around = open.peek();
                if (around == null) {
                    requireEnd();
                    return node;
                }
                around.add(node);
                node = null;
            }
        }
    }

    /** Whether the innermost container has no more items; otherwise the head of its next item is read, past its key. */
    private boolean isOver() {
        Container inner = open.element();
        if (inner.left == 0) {
            return true;
        }
        head();
        if (inner.left < 0) {
            if (major == CborDialect.SIMPLE && indefinite()) {
                return true;
            }
        } else {
            inner.left--;
        }
        if (inner.entries != null) {
            key(inner);
            head();
        }
        return false;
    }

    /** The item whose head was just read; null where it is a container, which is now open. */
    private @Nullable IpldNode value() {
        budget.take(DecodeBudget.NODE_BYTES, at);
        if (indefinite() && dialect.canonical()) {
            throw bad(major == CborDialect.SIMPLE ? "break" : "indefinite length", "a definite length");
        }
        return switch (major) {
            case CborDialect.UNSIGNED, CborDialect.NEGATIVE -> {
                if (indefinite()) {
                    throw bad("integer of indefinite length", "a number");
                }
                yield new IpldNode.IntValue(major == CborDialect.NEGATIVE, argument);
            }
            case CborDialect.BYTES -> new IpldNode.BytesValue(ByteBuffer.wrap(bytes()));
            case CborDialect.TEXT -> new IpldNode.StringValue(text());
            case CborDialect.LIST, CborDialect.MAP -> {
                open();
                yield null;
            }
            case CborDialect.TAG -> {
                if (!dialect.links() || argument != CborDialect.LINK_TAG) {
                    throw bad("tag " + Long.toUnsignedString(argument), dialect.links() ? "42" : "no tag");
                }
                yield new IpldNode.LinkValue(link());
            }
            default -> simple();
        };
    }

    private IpldNode simple() {
        return switch (info) {
            case CborDialect.FALSE -> FALSE;
            case CborDialect.TRUE -> TRUE;
            case CborDialect.NULL -> NULL;
            case CborDialect.UNDEFINED -> {
                if (dialect.canonical()) {
                    throw bad("undefined", "null");
                }
                yield NULL;
            }
            case CborDialect.FLOAT_16, CborDialect.FLOAT_32, CborDialect.FLOAT_64 -> number();
            case CborDialect.INDEFINITE -> throw bad("break outside of an indefinite length", "an item");
            default -> throw bad("simple value " + argument, "false, true, null or a float");
        };
    }

    private IpldNode number() {
        if (dialect.canonical() && info != CborDialect.FLOAT_64) {
            throw bad("float of " + (info == CborDialect.FLOAT_16 ? 16 : 32) + " bits", "64 bits");
        }
        double value = switch (info) {
            case CborDialect.FLOAT_16 -> half((int) argument);
            case CborDialect.FLOAT_32 -> Float.intBitsToFloat((int) argument);
            default -> Double.longBitsToDouble(argument);
        };
        if (!dialect.anyFloat() && (!Double.isFinite(value) || isNegativeZero(value))) {
            throw bad("float " + value, "a finite number, zero without a sign");
        }
        return new IpldNode.FloatValue(value);
    }

    static boolean isNegativeZero(double value) {
        return Double.doubleToRawLongBits(value) == Long.MIN_VALUE;
    }

    /** IEEE 754 binary16 (RFC 8949, appendix D). */
    private static double half(int bits) {
        int exponent = bits >> 10 & 0x1f;
        int mantissa = bits & 0x3ff;
        double value = exponent == 0
                ? Math.scalb((double) mantissa, -24)
                : exponent == 31
                        ? mantissa == 0 ? Double.POSITIVE_INFINITY : Double.NaN
                        : Math.scalb((double) (mantissa + 1024), exponent - 25);
        return (bits & 0x8000) == 0 ? value : -value;
    }

    private byte[] bytes() {
        if (indefinite()) {
            return chunks(CborDialect.BYTES);
        }
        int length = count("byte string", 1);
        budget.take(length, at);
        byte[] bytes = new byte[length];
        block.get(bytes);
        return bytes;
    }

    private String text() {
        if (indefinite()) {
            byte[] bytes = chunks(CborDialect.TEXT);
            return Utf8.decode(dialect.specName(), ByteBuffer.wrap(bytes), 0, bytes.length);
        }
        int length = count("text string", 1);
        budget.take(2L * length, at);
        int offset = block.position();
        String text = Utf8.decode(dialect.specName(), block, offset, length);
        block.position(offset + length);
        return text;
    }

    private byte[] chunks(int type) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (true) {
            head();
            if (major == CborDialect.SIMPLE && indefinite()) {
                return out.toByteArray();
            }
            if (major != type || indefinite()) {
                throw bad("chunk of major type " + major + " in a string of major type " + type, "that type");
            }
            int length = count("chunk", 1);
            budget.take(2L * length, at);
            byte[] chunk = new byte[length];
            block.get(chunk);
            out.writeBytes(chunk);
        }
    }

    private void open() {
        if (open.size() >= Codec.MAX_DEPTH) {
            throw bad("nesting deeper than " + Codec.MAX_DEPTH, "at most that");
        }
        boolean map = major == CborDialect.MAP;
        int count = indefinite() ? -1 : map ? count("map", 2) : count("list", 1);
        budget.take(map ? DecodeBudget.MAP_BYTES : DecodeBudget.LIST_BYTES, at);
        open.push(new Container(map, count));
    }

    /** The key whose head was just read. */
    private void key(Container map) {
        if (major != CborDialect.TEXT || (indefinite() && dialect.canonical())) {
            throw bad("map key of major type " + major, "a text string");
        }
        budget.take(DecodeBudget.ENTRY_BYTES, at);
        int keyAt = at;
        int offset = block.position();
        String key = text();
        at = keyAt;
        if (dialect.canonical()) {
            requireOrder(map, offset, block.position() - offset, key);
        }
        if (map.holds(key)) {
            throw bad("duplicate map key \"" + key + "\"", "each key once");
        }
        map.key = key;
    }

    /** Keys are sorted by length, then by their bytes. */
    private void requireOrder(Container map, int offset, int length, String key) {
        int lastOffset = map.keyOffset;
        int lastLength = map.keyLength;
        map.keyOffset = offset;
        map.keyLength = length;
        if (length > lastLength) {
            return;
        }
        if (length == lastLength) {
            ByteBuffer last = block.slice(lastOffset, lastLength);
            ByteBuffer next = block.slice(offset, length);
            int different = last.mismatch(next);
            if (different < 0) {
                throw bad("duplicate map key \"" + key + "\"", "each key once");
            }
            if ((last.get(different) & 0xff) < (next.get(different) & 0xff)) {
                return;
            }
        }
        throw bad("map key \"" + key + "\" after a greater one", "keys sorted by length, then by bytes");
    }

    /** A list or map of which not all items were read. */
    private static final class Container {
        private final @Nullable List<IpldNode> items;
        private final @Nullable Map<String, IpldNode> entries;
        /** How many items or entries are to come; negative where a break ends them. */
        private int left;

        private String key = "";
        private int keyOffset;
        private int keyLength = -1;

        Container(boolean map, int count) {
            entries = map ? new LinkedHashMap<>() : null;
            items = map ? null : new ArrayList<>(Math.max(0, Math.min(count, MAX_PREALLOCATED)));
            left = count;
        }

        boolean holds(String name) {
            return entries != null && entries.containsKey(name);
        }

        void add(IpldNode node) {
            if (entries != null) {
                entries.put(key, node);
            } else if (items != null) {
                items.add(node);
            }
        }

        IpldNode node() {
            return entries != null
                    ? new IpldNode.MapValue(entries)
                    : new IpldNode.ListValue(items == null ? List.of() : items);
        }
    }
}
