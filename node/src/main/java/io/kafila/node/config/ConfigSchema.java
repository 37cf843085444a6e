package io.kafila.node.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which keys there are and what each holds: Kubo 0.42's configuration, plus the section {@code Kafila} of our own.
 *
 * <p>The table is a resource of lines {@code key type}; a part {@code *} stands for any name. What is not in it cannot be
 * set by key, but is kept where a file has it.
 */
final class ConfigSchema {
    /** What a key may hold; {@code null} is allowed everywhere and means the default. */
    enum Type {
        TEXT("a string"),
        TEXT_OR_LIST("a string or a list of strings"),
        LIST("a list of strings"),
        BOOL("true or false"),
        FLAG("null, true or false"),
        INT("an integer"),
        SIZE("a size such as 10GB"),
        TEXT_SIZE("a string with a size, such as \"10GB\""),
        DURATION("a duration such as 1h30m"),
        PRIORITY("null, false or a positive integer"),
        PEERS("a list of peers with ID and Addrs"),
        MAP("an object"),
        ANY("any value");

        private final String wanted;

        Type(String wanted) {
            this.wanted = wanted;
        }

        boolean accepts(JsonNode value) {
            if (value.isNull()) {
                return true;
            }
            return switch (this) {
                case TEXT -> value.isTextual();
                case TEXT_OR_LIST -> value.isTextual() || isTextList(value);
                case LIST -> isTextList(value);
                case BOOL, FLAG -> value.isBoolean();
                case INT -> value.isIntegralNumber() && value.canConvertToLong();
                case SIZE -> value.isIntegralNumber() || isSize(value);
                case TEXT_SIZE -> isSize(value);
                case DURATION -> isDefaultDuration(value) || parses(() -> Units.duration(value.textValue()), value);
                case PRIORITY ->
                    value.isBoolean() ? !value.booleanValue() : value.isIntegralNumber() && value.longValue() > 0;
                case PEERS -> isPeerList(value);
                case MAP -> value.isObject();
                case ANY -> true;
            };
        }

        private static boolean isSize(JsonNode value) {
            return isEmptyText(value) || parses(() -> Units.bytes(value.textValue()), value);
        }

        private static boolean isDefaultDuration(JsonNode value) {
            return isEmptyText(value) || (value.isTextual() && value.textValue().equals("default"));
        }

        private static boolean isEmptyText(JsonNode value) {
            return value.isTextual() && value.textValue().isEmpty();
        }

        private static boolean isTextList(JsonNode value) {
            if (!value.isArray()) {
                return false;
            }
            for (JsonNode item : value) {
                if (!item.isTextual()) {
                    return false;
                }
            }
            return true;
        }

        private static boolean isPeerList(JsonNode value) {
            if (!value.isArray()) {
                return false;
            }
            for (JsonNode peer : value) {
                JsonNode addresses = peer.path("Addrs");
                boolean plain = addresses.isMissingNode() || addresses.isNull() || isTextList(addresses);
                if (!peer.path("ID").isTextual() || !plain) {
                    return false;
                }
            }
            return true;
        }

        private static boolean parses(Runnable parser, JsonNode value) {
            if (!value.isTextual()) {
                return false;
            }
            try {
                parser.run();
                return true;
            } catch (ConfigException e) {
                return false;
            }
        }
    }

    private record Entry(@Nullable Type type, Map<String, Entry> children) {}

    private final Entry root;

    private ConfigSchema(Entry root) {
        this.root = root;
    }

    /** Parses the lines of the table. */
    static ConfigSchema parse(String table) {
        Tree tree = new Tree();
        for (String line : table.split("\n", -1)) {
            if (!line.isBlank()) {
                int space = line.indexOf(' ');
                tree.put(
                        line.substring(0, space).split("\\."),
                        Type.valueOf(line.substring(space + 1).strip()));
            }
        }
        return new ConfigSchema(tree.entry());
    }

    /** A message that says what is wrong with the key, empty where it is known. */
    Optional<String> unknownKey(String key) {
        Entry at = root;
        String[] parts = key.split("\\.", -1);
        for (int i = 0; i < parts.length; i++) {
            String seen = String.join(".", Arrays.copyOf(parts, i));
            if (at.type == Type.ANY) {
                return Optional.empty();
            }
            if (at.children.isEmpty()) {
                return Optional.of(seen + " key is not a map");
            }
            Entry next = at.children.getOrDefault(parts[i], at.children.get("*"));
            if (next == null) {
                return Optional.of((seen.isEmpty() ? "" : seen + ".") + parts[i] + " not found");
            }
            at = next;
        }
        return Optional.empty();
    }

    /** A message that names the first value that its key does not take, empty where all are fine. */
    Optional<String> mismatch(JsonNode tree) {
        return mismatch("", root, tree);
    }

    private static Optional<String> mismatch(String path, Entry entry, JsonNode value) {
        if (entry.type != null && !entry.type.accepts(value)) {
            return Optional.of(path + ": " + value + ", want " + entry.type.wanted);
        }
        if (entry.children.isEmpty() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isObject()) {
            return Optional.of((path.isEmpty() ? "config" : path) + ": " + value + ", want an object");
        }
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            Entry child = entry.children.getOrDefault(field.getKey(), entry.children.get("*"));
            if (child != null) {
                String name = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
                Optional<String> found = mismatch(name, child, field.getValue());
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /** The table while it is read. */
    private static final class Tree {
        private @Nullable Type type;
        private final Map<String, Tree> children = new LinkedHashMap<>();

        void put(String[] key, Type leaf) {
            Tree at = this;
            for (String part : key) {
                at = at.children.computeIfAbsent(part, name -> new Tree());
            }
            at.type = leaf;
        }

        Entry entry() {
            Map<String, Entry> entries = new LinkedHashMap<>();
            children.forEach((name, child) -> entries.put(name, child.entry()));
            return new Entry(type, entries);
        }
    }
}
