package io.kafila.dag.internal;

import io.kafila.dag.Codec;
import io.kafila.dag.CodecException;
import io.kafila.dag.IpldNode;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.MultiformatException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decodes one block of JSON text (RFC 8259) into a node, without recursion: stacks of threads are small.
 * Confined to one read.
 *
 * <p>Blanks and the order of keys are free, as the spec wants of decoders; keys that come twice, comments, text after
 * the value and everything else that RFC 8259 does not know are refused.
 */
final class JsonReader {
    /** The longest number, in characters; the exact value of every double takes less. */
    static final int MAX_NUMBER_CHARS = 1100;

    private static final IpldNode NULL = new IpldNode.NullValue();
    private static final IpldNode TRUE = new IpldNode.BoolValue(true);
    private static final IpldNode FALSE = new IpldNode.BoolValue(false);

    private final byte[] text;
    private final String codec;
    private final boolean dag;
    private final DecodeBudget budget;
    private final Deque<Container> open = new ArrayDeque<>();
    private int position;

    JsonReader(ByteBuffer block, String codec, boolean dag) {
        this.text = Utf8.bytes(block, block.position(), block.remaining());
        this.codec = codec;
        this.dag = dag;
        this.budget = new DecodeBudget(codec);
    }

    IpldNode readBlock() {
        skipBlanks();
        while (true) {
            IpldNode node = value();
            while (node != null || isOver()) {
                if (node == null) {
                    node = close(open.pop());
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

    /** The value at the position; null where it is a container, which is now open. */
    private @Nullable IpldNode value() {
        budget.take(DecodeBudget.NODE_BYTES, position);
        int c = peek();
        return switch (c) {
            case '{', '[' -> {
                open(c == '{');
                yield null;
            }
            case '"' -> new IpldNode.StringValue(string());
            case 't' -> literal("true", TRUE);
            case 'f' -> literal("false", FALSE);
            case 'n' -> literal("null", NULL);
            default -> {
                if (c == '-' || (c >= '0' && c <= '9')) {
                    yield number();
                }
                throw bad(seen(), "a value");
            }
        };
    }

    private void open(boolean map) {
        if (open.size() >= Codec.MAX_DEPTH) {
            throw bad("nesting deeper than " + Codec.MAX_DEPTH, "at most that");
        }
        budget.take(map ? DecodeBudget.MAP_BYTES : DecodeBudget.LIST_BYTES, position);
        open.push(new Container(map, position));
        position++;
    }

    /** Whether the innermost container ends here; otherwise the position is moved to its next value, past its key. */
    private boolean isOver() {
        Container inner = open.element();
        char closing = inner.entries != null ? '}' : ']';
        skipBlanks();
        int c = peek();
        if (c == closing) {
            position++;
            return true;
        }
        if (!inner.isEmpty()) {
            if (c != ',') {
                throw bad(seen(), "',' or '" + closing + "'");
            }
            position++;
            skipBlanks();
        }
        if (inner.entries != null) {
            key(inner);
        }
        return false;
    }

    private void key(Container map) {
        if (peek() != '"') {
            throw bad(seen(), "a key in quotes");
        }
        budget.take(DecodeBudget.ENTRY_BYTES, position);
        int keyAt = position;
        String key = string();
        if (map.holds(key)) {
            position = keyAt;
            throw bad("repeated map key \"" + key + "\"", "each key once");
        }
        map.key = key;
        skipBlanks();
        if (peek() != ':') {
            throw bad(seen(), "':'");
        }
        position++;
        skipBlanks();
    }

    private IpldNode close(Container container) {
        Map<String, IpldNode> entries = container.entries;
        if (entries == null) {
            return new IpldNode.ListValue(container.items == null ? List.of() : container.items);
        }
        return dag ? reserved(entries, container.start) : new IpldNode.MapValue(entries);
    }

    private void requireEnd() {
        skipBlanks();
        if (position < text.length) {
            throw bad(seen() + " after the value", "nothing");
        }
    }

    /** A list or map of which not all was read. */
    private static final class Container {
        private final int start;
        private final @Nullable List<IpldNode> items;
        private final @Nullable Map<String, IpldNode> entries;
        private String key = "";

        Container(boolean map, int start) {
            this.start = start;
            entries = map ? new LinkedHashMap<>() : null;
            items = map ? null : new ArrayList<>();
        }

        boolean isEmpty() {
            return entries != null ? entries.isEmpty() : items == null || items.isEmpty();
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
    }

    private IpldNode literal(String word, IpldNode node) {
        for (int i = 0; i < word.length(); i++) {
            if (position + i >= text.length || text[position + i] != word.charAt(i)) {
                throw bad("a word that is not " + word, "true, false or null");
            }
        }
        position += word.length();
        return node;
    }

    private IpldNode reserved(Map<String, IpldNode> entries, int start) {
        return switch (ReservedNamespace.of(entries)) {
            case MAP -> new IpldNode.MapValue(entries);
            case LINK -> link(entries, start);
            case BYTES -> bytes(entries, start);
            case INVALID ->
                throw CodecException.at(
                        codec,
                        start,
                        "map in the reserved namespace \"/\" with more keys",
                        "a link, bytes or no \"/\"");
        };
    }

    private IpldNode link(Map<String, IpldNode> entries, int start) {
        if (!(entries.get(ReservedNamespace.SLASH) instanceof IpldNode.StringValue string)) {
            throw new IllegalStateException("link without a string");
        }
        try {
            return new IpldNode.LinkValue(Cid.parse(string.value()));
        } catch (MultiformatException e) {
            throw CodecException.at(codec, start, "link that is no Cid (" + e.getMessage() + ")", "a Cid", e);
        }
    }

    private IpldNode bytes(Map<String, IpldNode> entries, int start) {
        if (!(entries.get(ReservedNamespace.SLASH) instanceof IpldNode.MapValue inner)
                || !(inner.entries().get(ReservedNamespace.BYTES) instanceof IpldNode.StringValue string)) {
            throw new IllegalStateException("bytes without a string");
        }
        try {
            return IpldNode.BytesValue.of(Base64.getDecoder().decode(string.value()));
        } catch (IllegalArgumentException e) {
            throw CodecException.at(codec, start, "bytes that are no base64 (" + e.getMessage() + ")", "base64", e);
        }
    }

    private IpldNode number() {
        int start = position;
        boolean fraction = false;
        if (peek() == '-') {
            position++;
        }
        if (peek() == '0') {
            position++;
        } else {
            digits();
        }
        if (peek() == '.') {
            fraction = true;
            position++;
            digits();
        }
        if (peek() == 'e' || peek() == 'E') {
            fraction = true;
            position++;
            if (peek() == '+' || peek() == '-') {
                position++;
            }
            digits();
        }
        int length = position - start;
        String seen = length > MAX_NUMBER_CHARS
                ? "number of " + length + " characters"
                : new String(text, start, length, StandardCharsets.ISO_8859_1);
        if (length > MAX_NUMBER_CHARS) {
            throw CodecException.at(codec, start, seen, "at most " + MAX_NUMBER_CHARS);
        }
        if (fraction) {
            double value = Double.parseDouble(seen);
            if (Double.isInfinite(value)) {
                throw CodecException.at(codec, start, "number " + seen, "one in the range of a double");
            }
            return new IpldNode.FloatValue(value);
        }
        if (length <= 18) {
            return IpldNode.IntValue.of(Long.parseLong(seen));
        }
        BigInteger value = new BigInteger(seen);
        if ((value.signum() < 0 ? value.not() : value).bitLength() > 64) {
            throw CodecException.at(codec, start, "integer " + seen, "one from -2^64 to 2^64 - 1");
        }
        return IpldNode.IntValue.of(value);
    }

    private void digits() {
        int start = position;
        while (position < text.length && text[position] >= '0' && text[position] <= '9') {
            position++;
        }
        if (position == start) {
            throw bad(seen(), "a digit");
        }
    }

    /** The string that begins with the quote at the position. */
    private String string() {
        int start = ++position;
        boolean escaped = false;
        while (true) {
            int c = peek();
            if (c == '"') {
                break;
            }
            if (c < 0x20) {
                throw bad(c < 0 ? "end of the text" : "control character " + c + " in a string", "it escaped");
            }
            if (c == '\\') {
                escaped = true;
                position++;
            }
            position++;
        }
        int length = position - start;
        budget.take(2L * length, start);
        position++;
        String raw = Utf8.decode(codec, ByteBuffer.wrap(text), start, length);
        return escaped ? unescape(raw, start) : raw;
    }

    private String unescape(String raw, int at) {
        StringBuilder out = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            // string() has seen that a character follows.
            char kind = raw.charAt(++i);
            switch (kind) {
                case '"', '\\', '/' -> out.append(kind);
                case 'b' -> out.append('\b');
                case 'f' -> out.append('\f');
                case 'n' -> out.append('\n');
                case 'r' -> out.append('\r');
                case 't' -> out.append('\t');
                case 'u' -> {
                    out.append(hex(raw, i + 1, at));
                    i += 4;
                }
                default -> throw CodecException.at(codec, at, "escape \\" + kind, "one of \\\"/bfnrtu");
            }
        }
        requirePairs(out, at);
        return out.toString();
    }

    private char hex(String raw, int from, int at) {
        int value = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = i < raw.length() && raw.charAt(i) < 0x80 ? Character.digit(raw.charAt(i), 16) : -1;
            if (digit < 0) {
                throw CodecException.at(codec, at, "escape \\u without four hexadecimal digits", "them");
            }
            value = value << 4 | digit;
        }
        return (char) value;
    }

    private void requirePairs(CharSequence decoded, int at) {
        for (int i = 0; i < decoded.length(); i++) {
            char c = decoded.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c)
                    && i + 1 < decoded.length()
                    && Character.isLowSurrogate(decoded.charAt(i + 1))) {
                i++;
                continue;
            }
            throw CodecException.at(codec, at, "unpaired surrogate in a string", "Unicode text");
        }
    }

    private void skipBlanks() {
        while (position < text.length) {
            byte c = text[position];
            if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
                return;
            }
            position++;
        }
    }

    /** The byte at the position, -1 at the end. */
    private int peek() {
        return position < text.length ? text[position] & 0xff : -1;
    }

    private String seen() {
        int c = peek();
        return c < 0
                ? "end of the text"
                : c > 0x20 && c < 0x7f ? "'" + (char) c + "'" : "byte 0x" + Integer.toHexString(c);
    }

    private CodecException bad(String seen, String wanted) {
        return CodecException.at(codec, Math.min(position, text.length), seen, wanted);
    }
}
