package io.kafila.node.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The settings of a node: an immutable JSON tree with Kubo's names, such as {@code Addresses.Swarm}.
 *
 * <p>A key is a path of names with dots. A value that is absent, null or, for durations and sizes, empty means the default
 * of whoever asks. Each typed accessor fails with a {@link ConfigException} that names the key where the tree holds
 * something else.
 */
public final class Config {
    private static final Json JSON = new Json();
    private static final ConfigSchema SCHEMA = ConfigSchema.parse(resource("keys.txt"));
    /** Stands in lists of addresses for "what the network recommends". */
    public static final String AUTO = "auto";

    private final ObjectNode tree;

    private Config(ObjectNode tree) {
        this.tree = tree;
    }

    /** The configuration of a new repo. */
    public static Config initial(String peerId, String privateKeyBase64) {
        return parse(resource("initial.json"))
                .with("Identity.PeerID", JsonNodeFactory.instance.textNode(peerId))
                .with("Identity.PrivKey", JsonNodeFactory.instance.textNode(privateKeyBase64));
    }

    /** Reads a whole config; values of known keys are checked, unknown keys are kept. */
    public static Config parse(String json) {
        try {
            return of(JSON.parse(json));
        } catch (JsonProcessingException e) {
            throw new ConfigException("failure to decode config: " + e.getOriginalMessage(), e);
        }
    }

    /** Reads any JSON value, as {@code config --json} takes it. */
    public static JsonNode parseValue(String json) {
        try {
            JsonNode value = JSON.parse(json);
            if (value.isMissingNode()) {
                throw new ConfigException("failed to unmarshal json. unexpected end of JSON input");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new ConfigException("failed to unmarshal json. " + e.getOriginalMessage(), e);
        }
    }

    /** Takes a copy of a tree. */
    public static Config of(JsonNode tree) {
        if (!tree.isObject()) {
            throw new ConfigException("failure to decode config: want a JSON object");
        }
        SCHEMA.mismatch(tree).ifPresent(fault -> {
            throw new ConfigException("failure to decode config: " + fault);
        });
        return new Config(tree.deepCopy());
    }

    private static String resource(String name) {
        try (InputStream in = Config.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource " + name + " is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read resource " + name, e);
        }
    }

    /** A copy of the tree, which the caller may change. */
    public ObjectNode tree() {
        return tree.deepCopy();
    }

    /** The value of a key, which may be a section; empty where it is absent. Null values are given as they are. */
    public Optional<JsonNode> value(String key) {
        JsonNode at = tree;
        for (String part : key.split("\\.", -1)) {
            at = at.path(part);
        }
        return at.isMissingNode() ? Optional.empty() : Optional.of(at.deepCopy());
    }

    /** {@link #value}, or a message as Kubo gives it: {@code Foo.Bar not found}, {@code Foo key is not a map}. */
    public JsonNode require(String key) {
        JsonNode at = tree;
        String seen = "";
        for (String part : key.split("\\.", -1)) {
            if (!at.isObject()) {
                throw new ConfigException(seen + " key is not a map");
            }
            seen = seen.isEmpty() ? part : seen + "." + part;
            JsonNode next = at.get(part);
            if (next == null) {
                throw new ConfigException(seen + " not found");
            }
            at = next;
        }
        return at.deepCopy();
    }

    /** This with one value replaced; sections on the way are made. The key must be known and the value fit it. */
    public Config with(String key, JsonNode value) {
        if (value(key).isEmpty()) {
            SCHEMA.unknownKey(key).ifPresent(fault -> {
                throw new ConfigException(fault);
            });
        }
        ObjectNode copy = tree.deepCopy();
        String[] parts = key.split("\\.", -1);
        ObjectNode at = copy;
        for (int i = 0; i < parts.length - 1; i++) {
            JsonNode next = at.get(parts[i]);
            if (next == null || next.isNull()) {
                next = at.putObject(parts[i]);
            }
            if (!(next instanceof ObjectNode section)) {
                throw new ConfigException(String.join(".", List.of(parts).subList(0, i + 1)) + " key is not a map");
            }
            at = section;
        }
        at.set(parts[parts.length - 1], value.deepCopy());
        return of(copy);
    }

    /** {@link #with(String, JsonNode)} for a list of strings. */
    public Config with(String key, List<String> values) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        values.forEach(list::add);
        return with(key, list);
    }

    /** This with a key left out, which means its default; the same where it is absent. */
    public Config without(String key) {
        ObjectNode copy = tree.deepCopy();
        int dot = key.lastIndexOf('.');
        JsonNode section = dot < 0 ? copy : copy.at("/" + key.substring(0, dot).replace('.', '/'));
        if (section instanceof ObjectNode object) {
            object.remove(key.substring(dot + 1));
        }
        return of(copy);
    }

    /** The text at a key, or the default. */
    public String text(String key, String otherwise) {
        Optional<JsonNode> found = present(key);
        if (found.isEmpty()) {
            return otherwise;
        }
        if (!found.get().isTextual()) {
            throw wrong(key, found.get(), "a string");
        }
        return found.get().textValue();
    }

    /** The strings at a key; a single string counts as a list of one, an empty one as none. */
    public List<String> texts(String key) {
        Optional<JsonNode> found = present(key);
        if (found.isEmpty()) {
            return List.of();
        }
        JsonNode value = found.get();
        if (value.isTextual()) {
            return value.textValue().isEmpty() ? List.of() : List.of(value.textValue());
        }
        if (!value.isArray()) {
            throw wrong(key, value, "a list of strings");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode item : value) {
            if (!item.isTextual()) {
                throw wrong(key, item, "a string");
            }
            texts.add(item.textValue());
        }
        return List.copyOf(texts);
    }

    /** The names of the fields of a section, in the order of the file. */
    public List<String> names(String key) {
        List<String> names = new ArrayList<>();
        present(key).ifPresent(section -> section.fieldNames().forEachRemaining(names::add));
        return names;
    }

    public boolean flag(String key, boolean otherwise) {
        Optional<JsonNode> found = present(key);
        if (found.isEmpty()) {
            return otherwise;
        }
        if (!found.get().isBoolean()) {
            throw wrong(key, found.get(), "true or false");
        }
        return found.get().booleanValue();
    }

    /** The integer at a key, empty where it has its default. */
    public OptionalLong integer(String key) {
        Optional<JsonNode> found = present(key);
        if (found.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!found.get().canConvertToExactIntegral() || !found.get().canConvertToLong()) {
            throw wrong(key, found.get(), "an integer");
        }
        return OptionalLong.of(found.get().longValue());
    }

    public long integer(String key, long otherwise) {
        return integer(key).orElse(otherwise);
    }

    /** The duration at a key, such as {@code 1h30m}, or the default. */
    public Duration duration(String key, Duration otherwise) {
        String text = text(key, "");
        if (text.isEmpty() || text.equals("default")) {
            return otherwise;
        }
        try {
            return Units.duration(text);
        } catch (ConfigException e) {
            throw new ConfigException(key + ": " + e.getMessage(), e);
        }
    }

    /** The size in bytes at a key, such as {@code 10GB} or a number, or the default. */
    public long bytes(String key, long otherwise) {
        Optional<JsonNode> found = present(key);
        if (found.isEmpty()) {
            return otherwise;
        }
        JsonNode value = found.get();
        if (value.isIntegralNumber()) {
            return value.longValue();
        }
        String text = text(key, "");
        try {
            return text.isEmpty() ? otherwise : Units.bytes(text);
        } catch (ConfigException e) {
            throw new ConfigException(key + ": " + e.getMessage(), e);
        }
    }

    private Optional<JsonNode> present(String key) {
        return value(key).filter(value -> !value.isNull());
    }

    private static ConfigException wrong(String key, JsonNode value, String wanted) {
        return new ConfigException(key + ": " + value + ", want " + wanted);
    }

    public String peerId() {
        return text("Identity.PeerID", "");
    }

    /** The protobuf of the private key in base64, as the file has it. */
    public String privateKeyBase64() {
        return text("Identity.PrivKey", "");
    }

    /** What {@code config show} prints: without the private key and without the secrets of services. */
    public ObjectNode scrubbed() {
        ObjectNode copy = tree.deepCopy();
        if (copy.path("Identity") instanceof ObjectNode identity) {
            identity.remove("PrivKey");
        }
        if (copy.path("API") instanceof ObjectNode api) {
            api.remove("Authorizations");
        }
        for (JsonNode service : copy.path("Pinning").path("RemoteServices")) {
            if (service.path("API") instanceof ObjectNode api) {
                api.remove("Key");
            }
        }
        return copy;
    }

    /** The text of the file: sorted keys, indented by two spaces. */
    public String toJson() {
        return pretty(tree);
    }

    /** Any tree in the form of the file. */
    public static String pretty(JsonNode tree) {
        return JSON.pretty(tree);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Config config && config.tree.equals(tree);
    }

    @Override
    public int hashCode() {
        return tree.hashCode();
    }

    /** The scrubbed tree: a config in a log gives no key away. */
    @Override
    public String toString() {
        return pretty(scrubbed());
    }
}
