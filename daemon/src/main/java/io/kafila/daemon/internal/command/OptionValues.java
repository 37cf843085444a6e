package io.kafila.daemon.internal.command;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The options of one request: what was given, and the defaults of the rest. Immutable. */
public final class OptionValues {
    private final Map<String, Object> values;
    private final Set<String> given;

    private OptionValues(Map<String, Object> values, Set<String> given) {
        this.values = values;
        this.given = given;
    }

    /**
     * Converts texts to the types of their options and fills in defaults.
     *
     * @param known the options by each of their names
     * @param texts what was given, under any name; names that are not known are kept as texts
     */
    public static OptionValues of(Map<String, Option> known, Map<String, List<String>> texts) {
        Map<String, Object> values = new LinkedHashMap<>();
        Set<String> given = new HashSet<>();
        texts.forEach((name, list) -> {
            Option option = known.get(name);
            if (option == null) {
                values.put(name, list.get(0));
                return;
            }
            if (!option.type().isList() && (list.size() > 1 || given.contains(option.name()))) {
                throw CommandException.client("multiple values for option \"" + option.name() + "\"");
            }
            given.add(option.name());
            for (String text : list) {
                values.merge(option.name(), option.parse(text), OptionValues::join);
            }
        });
        for (Option option : known.values()) {
            Object standard = option.standard();
            if (standard != null) {
                values.putIfAbsent(option.name(), standard);
            }
        }
        return new OptionValues(values, given);
    }

    private static Object join(Object first, Object second) {
        List<Object> joined = new ArrayList<>((List<?>) first);
        joined.addAll((List<?>) second);
        return List.copyOf(joined);
    }

    /** This with one value replaced. */
    public OptionValues with(String name, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(values);
        changed.put(name, value);
        Set<String> names = new HashSet<>(given);
        names.add(name);
        return new OptionValues(changed, names);
    }

    /** Every value by name, defaults included. */
    public Map<String, Object> all() {
        return Collections.unmodifiableMap(values);
    }

    /** Whether the caller gave it, so that it is not a default. */
    public boolean given(String name) {
        return given.contains(name);
    }

    public boolean flag(String name) {
        return Boolean.TRUE.equals(values.get(name));
    }

    public Optional<String> text(String name) {
        @Nullable Object value = values.get(name);
        return value instanceof String text ? Optional.of(text) : Optional.empty();
    }

    public OptionalLong number(String name) {
        return values.get(name) instanceof Long number ? OptionalLong.of(number) : OptionalLong.empty();
    }

    public List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        if (values.get(name) instanceof List<?> list) {
            list.forEach(item -> texts.add(String.valueOf(item)));
        }
        return texts;
    }
}
