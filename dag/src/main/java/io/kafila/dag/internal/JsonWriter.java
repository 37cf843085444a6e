package io.kafila.dag.internal;

import io.kafila.dag.Codec;
import io.kafila.dag.CodecException;
import io.kafila.dag.IpldNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.Iterator;
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
    private final Deque<Container> open = new ArrayDeque<>();

    /** A list or map of which not all was written; the items of a list have empty keys. */
    private static final class Container {
        private final Iterator<Map.Entry<String, IpldNode>> rest;
        private final char closing;
        private boolean empty = true;

        Container(Iterator<Map.Entry<String, IpldNode>> rest, char closing) {
            this.rest = rest;
            this.closing = closing;
        }
    }

    JsonWriter(String codec, boolean dag) {
        this.codec = codec;
        this.dag = dag;
    }

    byte[] write(IpldNode root) {
        value(root);
        while (!open.isEmpty()) {
            Container inner = open.element();
            if (!inner.rest.hasNext()) {
                open.pop();
                if (!inner.empty) {
                    newLine();
                }
                out.put(inner.closing);
                continue;
            }
            Map.Entry<String, IpldNode> entry = inner.rest.next();
            if (!inner.empty) {
                out.put(',');
            }
            inner.empty = false;
            newLine();
            if (inner.closing == '}') {
                string(entry.getKey());
                out.putAscii(dag ? ":" : ": ");
            }
            value(entry.getValue());
        }
        if (!dag && (root.kind() == IpldNode.Kind.MAP || root.kind() == IpldNode.Kind.LIST)) {
            out.put('\n');
        }
        return out.toByteArray();
    }

    /** A value; of a container the opening character, the rest is to follow. */
    private void value(IpldNode node) {
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
            case LIST ->
                open(
                        '[',
                        ((IpldNode.ListValue) node)
                                .items().stream()
                                        .map(item -> Map.entry("", item))
                                        .iterator(),
                        ']');
            case MAP -> open('{', entries(((IpldNode.MapValue) node).entries()).iterator(), '}');
        }
    }

    private void open(char opening, Iterator<Map.Entry<String, IpldNode>> entries, char closing) {
        if (open.size() >= Codec.MAX_DEPTH) {
            throw CodecException.node(codec, "nesting deeper than " + Codec.MAX_DEPTH, "at most that");
        }
        out.put(opening);
        open.push(new Container(entries, closing));
    }

    private List<Map.Entry<String, IpldNode>> entries(Map<String, IpldNode> map) {
        if (dag && ReservedNamespace.of(map) != ReservedNamespace.Form.MAP) {
            throw CodecException.node(
                    codec, "map in the reserved namespace \"/\"", "a link, bytes or no \"/\" as the first key");
        }
        List<Map.Entry<String, IpldNode>> entries = new ArrayList<>(map.entrySet());
        if (dag) {
            entries.sort(Map.Entry.comparingByKey(Utf8.BYTE_ORDER));
        }
        return entries;
    }

    private void newLine() {
        if (dag) {
            return;
        }
        out.put('\n');
        for (int i = open.size(); i > 0; i--) {
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
        return EcmaNumbers.text(value);
    }

    private void requireDag(String what) {
        if (!dag) {
            throw CodecException.node(codec, what, "kinds that plain JSON has");
        }
    }
}
