package io.kafila.dag.internal;

import com.fasterxml.jackson.core.io.NumberOutput;
import io.kafila.dag.Codec;
import io.kafila.dag.CodecException;
import io.kafila.dag.IpldNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Encodes one node as JSON text: dag-json sorted and without blanks, plain json in the order of the map and a tab a
 * level. Confined to one write.
 */
final class JsonWriter {
    private static final char[] HEX = "0123456789abcdef".toCharArray();
    private static final Base64.Encoder BASE64 = Base64.getEncoder().withoutPadding();

    private final String codec;
    private final boolean dag;
    private final Bytes out = new Bytes();

    JsonWriter(String codec, boolean dag) {
        this.codec = codec;
        this.dag = dag;
    }

    byte[] write(IpldNode node) {
        value(node, 0);
        if (!dag && (node.kind() == IpldNode.Kind.MAP || node.kind() == IpldNode.Kind.LIST)) {
            out.put('\n');
        }
        return out.toByteArray();
    }

    private void value(IpldNode node, int depth) {
        switch (node.kind()) {
            case NULL -> out.putAscii("null");
            case BOOL -> out.putAscii(((IpldNode.BoolValue) node).value() ? "true" : "false");
            case INT -> {
                IpldNode.IntValue number = (IpldNode.IntValue) node;
                out.putAscii(
                        number.isLong()
                                ? Long.toString(number.longValue())
                                : number.value().toString());
            }
            case FLOAT -> out.putAscii(number(((IpldNode.FloatValue) node).value()));
            case STRING -> string(((IpldNode.StringValue) node).value());
            case BYTES -> {
                requireDag("bytes");
                out.putAscii("{\"/\":{\"bytes\":\"");
                out.put(BASE64.encode(((IpldNode.BytesValue) node).toByteArray()));
                out.putAscii("\"}}");
            }
            case LINK -> {
                requireDag("a link");
                out.putAscii("{\"/\":\"" + ((IpldNode.LinkValue) node).cid() + "\"}");
            }
            case LIST -> list(((IpldNode.ListValue) node).items(), depth);
            case MAP -> map(((IpldNode.MapValue) node).entries(), depth);
        }
    }

    private void list(List<IpldNode> items, int depth) {
        requireDepth(depth);
        out.put('[');
        boolean first = true;
        for (IpldNode item : items) {
            separate(first, depth + 1);
            first = false;
            value(item, depth + 1);
        }
        close(first, depth, ']');
    }

    private void map(Map<String, IpldNode> entries, int depth) {
        requireDepth(depth);
        if (dag && ReservedNamespace.of(entries) != ReservedNamespace.Form.MAP) {
            throw CodecException.node(
                    codec, "map in the reserved namespace \"/\"", "a link, bytes or no \"/\" as the first key");
        }
        List<String> keys = new ArrayList<>(entries.keySet());
        if (dag) {
            keys.sort(Utf8.BYTE_ORDER);
        }
        out.put('{');
        boolean first = true;
        for (String key : keys) {
            separate(first, depth + 1);
            first = false;
            string(key);
            out.put(':');
            if (!dag) {
                out.put(' ');
            }
            IpldNode value = entries.get(key);
            if (value == null) {
                throw new IllegalStateException("map changed while it was written");
            }
            value(value, depth + 1);
        }
        close(first, depth, '}');
    }

    private void separate(boolean first, int depth) {
        if (!first) {
            out.put(',');
        }
        newLine(depth);
    }

    private void close(boolean empty, int depth, char closing) {
        if (!empty) {
            newLine(depth);
        }
        out.put(closing);
    }

    private void newLine(int depth) {
        if (dag) {
            return;
        }
        out.put('\n');
        for (int i = 0; i < depth; i++) {
            out.put('\t');
        }
    }

    private void string(String text) {
        byte[] bytes = Utf8.encode(codec, text);
        out.put('"');
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            if (b == '"' || b == '\\') {
                out.put('\\');
                out.put(b);
            } else if (b >= 0x20 || b < 0) {
                if (isLineSeparator(bytes, i)) {
                    out.putAscii((bytes[i + 2] & 1) == 0 ? "\\u2028" : "\\u2029");
                    i += 2;
                } else {
                    out.put(b);
                }
            } else {
                control(b);
            }
        }
        out.put('"');
    }

    private void control(byte b) {
        switch (b) {
            case '\n' -> out.putAscii("\\n");
            case '\r' -> out.putAscii("\\r");
            case '\t' -> out.putAscii("\\t");
            default -> {
                out.putAscii("\\u00");
                out.put(HEX[b >> 4]);
                out.put(HEX[b & 0xf]);
            }
        }
    }

    /** U+2028 and U+2029, which go-ipld-prime escapes; a block that does not has another Cid. */
    private static boolean isLineSeparator(byte[] bytes, int i) {
        return bytes[i] == (byte) 0xe2
                && i + 2 < bytes.length
                && bytes[i + 1] == (byte) 0x80
                && (bytes[i + 2] & 0xfe) == 0xa8;
    }

    /**
     * The shortest digits that give the number back, laid out as ECMAScript does, and with a decimal point where it
     * would look like an integer (ipld.io/specs/codecs/dag-json, Numbers).
     */
    private String number(double value) {
        if (!Double.isFinite(value)) {
            throw CodecException.node(codec, "float " + value, "a finite number");
        }
        // Double.toString does not give the shortest digits before Java 19.
        return EcmaNumbers.layOut(NumberOutput.toString(value, true));
    }

    private void requireDag(String what) {
        if (!dag) {
            throw CodecException.node(codec, what, "kinds that plain JSON has");
        }
    }

    private void requireDepth(int depth) {
        if (depth >= Codec.MAX_DEPTH) {
            throw CodecException.node(codec, "nesting deeper than " + Codec.MAX_DEPTH, "at most that");
        }
    }
}
