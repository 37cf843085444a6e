package io.kafila.node.config;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** JSON as Kubo writes its config: sorted keys, two spaces, empty lists and objects closed at once, HTML escaped. */
final class Json {
    /** The deepest nesting of a config. */
    private static final int MAX_DEPTH = 100;

    private final JsonMapper mapper = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    Json() {
        mapper.getFactory()
                .setCharacterEscapes(new GoEscapes())
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .build());
    }

    /** @throws ConfigException for a number that no double holds: it could not be written again */
    JsonNode parse(String text) throws JsonProcessingException {
        JsonNode tree = mapper.readTree(text);
        requireFinite(tree);
        return tree;
    }

    private static void requireFinite(JsonNode node) {
        if (node.isDouble() && !Double.isFinite(node.doubleValue())) {
            throw new ConfigException("failure to decode config: a number beyond the range of a double");
        }
        node.forEach(Json::requireFinite);
    }

    String pretty(JsonNode tree) {
        try {
            return mapper.writer(new GoPrinter()).writeValueAsString(sorted(tree));
        } catch (JsonProcessingException e) {
            throw new ConfigException("cannot write a JSON tree as text", e);
        }
    }

    private static JsonNode sorted(JsonNode node) {
        if (node.isArray()) {
            var list = JsonNodeFactory.instance.arrayNode(node.size());
            node.forEach(item -> list.add(sorted(item)));
            return list;
        }
        if (!node.isObject()) {
            return node;
        }
        Map<String, JsonNode> fields = new TreeMap<>();
        node.properties().forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.setAll(fields);
        return object;
    }

    private static final class GoPrinter extends DefaultPrettyPrinter {
        private static final long serialVersionUID = 1L;

        GoPrinter() {
            indentObjectsWith(new DefaultIndenter("  ", "\n"));
            indentArraysWith(new DefaultIndenter("  ", "\n"));
        }

        @Override
        public DefaultPrettyPrinter createInstance() {
            return new GoPrinter();
        }

        @Override
        public void writeObjectFieldValueSeparator(JsonGenerator generator) throws IOException {
            generator.writeRaw(": ");
        }

        @Override
        public void writeEndObject(JsonGenerator generator, int entries) throws IOException {
            if (entries == 0) {
                _nesting--;
                generator.writeRaw('}');
            } else {
                super.writeEndObject(generator, entries);
            }
        }

        @Override
        public void writeEndArray(JsonGenerator generator, int values) throws IOException {
            if (values == 0) {
                _nesting--;
                generator.writeRaw(']');
            } else {
                super.writeEndArray(generator, values);
            }
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
                default -> null;
            };
        }
    }
}
