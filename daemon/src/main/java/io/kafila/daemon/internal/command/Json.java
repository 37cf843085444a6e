package io.kafila.daemon.internal.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON values of the RPC: trees with fields in the order of Kubo's structs, written as Go writes them. */
public final class Json {
    /** The deepest nesting that is read. */
    private static final int MAX_DEPTH = 200;
    /** The longest string that is read, in characters. */
    private static final int MAX_STRING = 64 * 1024 * 1024;

    private static final JsonFactory FACTORY = factory();

    private Json() {}

    private static JsonFactory factory() {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxStringLength(MAX_STRING)
                        .build())
                .build();
        factory.setCharacterEscapes(new GoEscapes());
        return factory;
    }

    /** An object of alternating names and values: texts, numbers, booleans, trees, collections, null. */
    public static ObjectNode object(@Nullable Object... fields) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < fields.length; i += 2) {
            object.set(String.valueOf(fields[i]), value(fields[i + 1]));
        }
        return object;
    }

    public static ArrayNode array(Collection<?> items) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        items.forEach(item -> array.add(value(item)));
        return array;
    }

    /** A value as a tree; what is no JSON type is written as its text. */
    public static JsonNode value(@Nullable Object value) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (value == null) {
            return nodes.nullNode();
        } else if (value instanceof JsonNode tree) {
            return tree;
        } else if (value instanceof Boolean bool) {
            return nodes.booleanNode(bool);
        } else if (value instanceof Integer number) {
            return nodes.numberNode(number);
        } else if (value instanceof Long number) {
            return nodes.numberNode(number);
        } else if (value instanceof Double number) {
            return number == Math.rint(number) && Math.abs(number) < 1e15
                    ? nodes.numberNode(number.longValue())
                    : nodes.numberNode(number);
        } else if (value instanceof Float number) {
            return number == Math.rint(number) ? nodes.numberNode(number.longValue()) : nodes.numberNode(number);
        } else if (value instanceof Collection<?> items) {
            return array(items);
        }
        return nodes.textNode(value.toString());
    }

    /** One line without its end. */
    public static String write(JsonNode value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(text)) {
            JsonTrees.write(value, generator);
        } catch (IOException e) {
            throw new CommandException("cannot write a JSON value: " + e.getMessage(), e);
        }
        return text.toString();
    }

    /** Several lines, with an indent for each level, as Go's MarshalIndent writes them. */
    public static String indented(JsonNode value, String indent) {
        StringBuilder out = new StringBuilder();
        indent(value, indent, "\n", out);
        return out.toString();
    }

    private static void indent(JsonNode value, String indent, String lineStart, StringBuilder out) {
        if (!value.isContainerNode() || value.isEmpty()) {
            out.append(write(value));
            return;
        }
        String inner = lineStart + indent;
        String separator = "";
        out.append(value.isArray() ? '[' : '{');
        if (value.isArray()) {
            for (JsonNode item : value) {
                out.append(separator).append(inner);
                indent(item, indent, inner, out);
                separator = ",";
            }
        } else {
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                out.append(separator).append(inner);
                out.append(write(JsonNodeFactory.instance.textNode(field.getKey())))
                        .append(": ");
                indent(field.getValue(), indent, inner, out);
                separator = ",";
            }
        }
        out.append(lineStart).append(value.isArray() ? ']' : '}');
    }

    /** The first value of a text; a missing node where there is none. */
    public static JsonNode read(String text) throws JsonProcessingException {
        try (JsonParser parser = FACTORY.createParser(text)) {
            return parser.nextToken() == null ? MissingNode.getInstance() : JsonTrees.read(parser);
        } catch (JsonProcessingException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory cannot be read", e);
        }
    }

    /** Reads value after value from a stream, as they come. */
    public static Values values(InputStream in) throws IOException {
        return new Values(FACTORY.createParser(in));
    }

    /** Values in a stream, one after the other. */
    public static final class Values {
        private final JsonParser parser;

        private Values(JsonParser parser) {
            this.parser = parser;
        }

        /** The next value; {@code null} at the end of the stream. */
        public @Nullable JsonNode next() throws IOException {
            return parser.nextToken() == null ? null : JsonTrees.read(parser);
        }
    }

    private static final class GoEscapes extends CharacterEscapes {
        private static final long serialVersionUID = 1L;

        @Override
        public int[] getEscapeCodesForAscii() {
            int[] codes = standardAsciiEscapesForJSON();
            codes['<'] = ESCAPE_CUSTOM;
            codes['>'] = ESCAPE_CUSTOM;
            codes['&'] = ESCAPE_CUSTOM;
            return codes;
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int c) {
            return switch (c) {
                case '<' -> new SerializedString("\\u003c");
                case '>' -> new SerializedString("\\u003e");
                case '&' -> new SerializedString("\\u0026");
                case 0x2028 -> new SerializedString("\\u2028");
                case 0x2029 -> new SerializedString("\\u2029");
                default -> null;
            };
        }
    }
}
