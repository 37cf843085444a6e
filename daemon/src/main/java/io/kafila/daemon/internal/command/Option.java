package io.kafila.daemon.internal.command;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An option of a command: {@code --name} or, for names of one letter, {@code -n}; a query parameter of the same name.
 *
 * @param names the first one is the name under which its value is found
 * @param standard the value where none is given, {@code null} where that is told apart
 */
public record Option(
        List<String> names,
        OptionType type,
        String description,
        @Nullable Object standard) {
    public Option {
        names = List.copyOf(names);
    }

    private static Option of(OptionType type, String description, String... names) {
        return new Option(List.of(names), type, description, null);
    }

    public static Option flag(String description, String... names) {
        return of(OptionType.BOOL, description, names);
    }

    public static Option integer(String description, String... names) {
        return of(OptionType.INT, description, names);
    }

    public static Option integer64(String description, String... names) {
        return of(OptionType.INT64, description, names);
    }

    public static Option unsigned(String description, String... names) {
        return of(OptionType.UINT, description, names);
    }

    public static Option unsigned64(String description, String... names) {
        return of(OptionType.UINT64, description, names);
    }

    public static Option text(String description, String... names) {
        return of(OptionType.STRING, description, names);
    }

    public static Option texts(String description, String... names) {
        return of(OptionType.STRINGS, description, names);
    }

    /** Several values with commas between, given once or several times. */
    public static Option commaTexts(String description, String... names) {
        return of(OptionType.COMMA_STRINGS, description, names);
    }

    public Option withDefault(Object value) {
        Object held = value instanceof Integer number ? Long.valueOf(number) : value;
        return new Option(names, type, description, held);
    }

    public String name() {
        return names.get(0);
    }

    public boolean isFlag() {
        return type == OptionType.BOOL;
    }

    /** The description with its default, as help prints it; an empty text is no default to tell of. */
    public String help() {
        String sentence = description.isEmpty() || description.endsWith(".") ? description : description + ".";
        if (standard == null || standard.equals("")) {
            return sentence;
        }
        String said = "Default: " + (standard instanceof List<?> list ? "[" + join(list) + "]" : standard) + ".";
        return sentence.contains("<<default>>") ? sentence.replace("<<default>>", said) : sentence + " " + said;
    }

    private static String join(List<?> list) {
        StringBuilder joined = new StringBuilder();
        list.forEach(item -> joined.append(joined.isEmpty() ? "" : " ").append(item));
        return joined.toString();
    }

    /** {@code -x} or {@code --name}. */
    public static String dashed(String name) {
        return (name.length() == 1 ? "-" : "--") + name;
    }

    Object parse(String text) {
        try {
            return type.parse(text);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new CommandException(
                    ErrorCode.CLIENT,
                    "could not convert " + (text.isEmpty() ? "empty value" : "value \"" + text + "\"") + " to type \""
                            + type.specName() + "\" (for option \"-" + name() + "\")",
                    e);
        }
    }
}
