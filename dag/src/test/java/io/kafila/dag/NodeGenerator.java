package io.kafila.dag;

import io.kafila.multiformats.Cid;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multihash;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random nodes, with the edges of each kind more often than chance would have them. */
final class NodeGenerator {
    private static final long[] LONGS = {
        0,
        1,
        -1,
        23,
        24,
        255,
        256,
        65535,
        65536,
        0xffffffffL,
        0x100000000L,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -24,
        -25,
        -257
    };
    private static final double[] DOUBLES = {
        0.0, 1.0, -1.5, 1e21, 1e20, 1e-6, 1e-7, 123456789.125, Double.MIN_VALUE, Double.MAX_VALUE, 2.0E-3, 1e-323, 5e22
    };
    private static final String[] STRINGS = {
        "", "/", "bytes", "a", "\u0000\b\f\n\r\t\"\\", "\u2028\u2029", "ßvěte", "水", "\ud800\udd51", "\ufffd", "\u007f"
    };

    private final Random random;
    private final boolean jsonOnly;

    /** @param jsonOnly without bytes and links */
    NodeGenerator(Random random, boolean jsonOnly) {
        this.random = random;
        this.jsonOnly = jsonOnly;
    }

    IpldNode node() {
        return node(5);
    }

    private IpldNode node(int depth) {
        IpldNode.Kind[] kinds = IpldNode.Kind.values();
        IpldNode.Kind kind = kinds[random.nextInt(kinds.length)];
        if (depth == 0 && (kind == IpldNode.Kind.LIST || kind == IpldNode.Kind.MAP)) {
            kind = IpldNode.Kind.INT;
        }
        if (jsonOnly && (kind == IpldNode.Kind.LINK || kind == IpldNode.Kind.BYTES)) {
            kind = IpldNode.Kind.STRING;
        }
        return switch (kind) {
            case NULL -> new IpldNode.NullValue();
            case BOOL -> new IpldNode.BoolValue(random.nextBoolean());
            case INT -> integer();
            case FLOAT -> new IpldNode.FloatValue(real());
            case STRING -> new IpldNode.StringValue(string());
            case BYTES -> IpldNode.BytesValue.of(bytes(random.nextInt(40)));
            case LINK -> new IpldNode.LinkValue(cid());
            case LIST -> list(depth);
            case MAP -> map(depth);
        };
    }

    private IpldNode integer() {
        return switch (random.nextInt(3)) {
            case 0 -> IpldNode.IntValue.of(LONGS[random.nextInt(LONGS.length)]);
            case 1 -> new IpldNode.IntValue(random.nextBoolean(), random.nextLong());
            default -> IpldNode.IntValue.of(random.nextInt(100_000) - 50_000);
        };
    }

    private double real() {
        if (random.nextInt(3) == 0) {
            return DOUBLES[random.nextInt(DOUBLES.length)];
        }
        double value = Double.longBitsToDouble(random.nextLong());
        return Double.isFinite(value) && value != 0 ? value : 0.25;
    }

    private String string() {
        if (random.nextInt(3) == 0) {
            return STRINGS[random.nextInt(STRINGS.length)];
        }
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            int point = random.nextInt(4) == 0 ? random.nextInt(Character.MAX_CODE_POINT + 1) : random.nextInt(128);
            text.appendCodePoint(point >= 0xd800 && point < 0xe000 ? 'x' : point);
        }
        return text.toString();
    }

    private IpldNode list(int depth) {
        List<IpldNode> items = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            items.add(node(depth - 1));
        }
        return new IpldNode.ListValue(items);
    }

    private IpldNode map(int depth) {
        Map<String, IpldNode> entries = new LinkedHashMap<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            entries.put(string(), node(depth - 1));
        }
        // dag-json keeps maps that begin with this key for itself.
        entries.remove("/");
        return new IpldNode.MapValue(entries);
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private Cid cid() {
        Multihash multihash = HashFunction.SHA2_256.digest(bytes(8));
        return random.nextInt(4) == 0 ? Cid.v0(multihash) : Cid.v1(0x55, multihash);
    }
}
