package io.kafila.daemon.internal.cli;

import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.OptionType;
import io.kafila.daemon.internal.command.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The help of a command as text, made from its definition. */
final class HelpText {
    private static final String INDENT = "  ";
    private static final int MIN_COLUMN = 30;

    private final String program;
    private final int width;

    HelpText(String program, int columns) {
        this.program = program;
        this.width = columns - INDENT.length();
    }

    /** What {@code --help} prints. */
    String whole(Command command, List<String> path) {
        StringBuilder text = new StringBuilder();
        warning(text, command);
        section(text, "USAGE\n", usage(command, path));
        section(text, "SYNOPSIS\n", synopsis(command, path));
        section(text, "ARGUMENTS\n\n", arguments(command));
        section(text, "OPTIONS\n\n", options(command));
        section(text, "DESCRIPTION\n\n", flowed(command.description()));
        section(text, "SUBCOMMANDS\n", subcommands(command, path));
        more(text, command, path);
        if (!path.isEmpty()) {
            section(
                    text,
                    "",
                    flowed("Options of every command, such as --api, --offline, --enc and --timeout: '" + program
                            + " --help'."));
        }
        return text.toString();
    }

    /** What {@code -h} prints, and what follows a mistake. */
    String brief(Command command, List<String> path) {
        StringBuilder text = new StringBuilder();
        warning(text, command);
        section(text, "USAGE\n", usage(command, path));
        section(text, "", synopsis(command, path));
        section(text, "", flowed(command.shortDescription()));
        section(text, "SUBCOMMANDS\n", subcommands(command, path));
        more(text, command, path);
        return text.toString();
    }

    private static void warning(StringBuilder text, Command command) {
        if (!command.status().warning().isEmpty()) {
            text.append("WARNING: ").append(command.status().warning()).append("\n\n");
        }
    }

    private static void section(StringBuilder text, String title, String body) {
        String trimmed = body.replaceAll("^\n+|\n+$", "");
        if (!trimmed.isEmpty()) {
            text.append(title).append(indent(trimmed)).append("\n\n");
        }
    }

    private static String indent(String body) {
        StringBuilder indented = new StringBuilder();
        for (String line : body.split("\n", -1)) {
            indented.append(indented.isEmpty() ? "" : "\n").append(line.isEmpty() ? "" : INDENT + line);
        }
        return indented.toString();
    }

    private void more(StringBuilder text, Command command, List<String> path) {
        if (!command.subcommandNames().isEmpty() && !path.isEmpty()) {
            text.append(INDENT)
                    .append("'")
                    .append(name(path))
                    .append(" <subcommand> --help' explains one of them.\n\n");
        }
    }

    private String name(List<String> path) {
        return path.isEmpty() ? program : program + " " + String.join(" ", path);
    }

    private String usage(Command command, List<String> path) {
        String line = name(path) + arguments(command.arguments());
        return wrapped(line + " - ", command.tagline());
    }

    private static String arguments(List<Argument> arguments) {
        StringBuilder line = new StringBuilder();
        arguments.forEach(argument -> line.append(' ').append(argument.usage()));
        return line.toString();
    }

    private String synopsis(Command command, List<String> path) {
        if (!command.synopsis().isEmpty()) {
            return command.synopsis();
        }
        String name = name(path);
        List<String> parts = new ArrayList<>();
        command.options().forEach(option -> parts.add(synopsis(option)));
        if (!command.arguments().isEmpty()) {
            parts.add("[--]");
        }
        command.arguments().forEach(argument -> {
            String one = "<" + argument.name() + ">" + (argument.variadic() ? "..." : "");
            parts.add(argument.required() ? one : "[" + one + "]");
        });
        StringBuilder text = new StringBuilder(name);
        int column = name.length();
        for (String part : parts) {
            if (column + part.length() + 1 > width) {
                text.append('\n').append(" ".repeat(name.length()));
                column = name.length();
            }
            text.append(' ').append(part);
            column += part.length() + 1;
        }
        return text.toString();
    }

    private static String synopsis(Option option) {
        if (option.isFlag() && Boolean.TRUE.equals(option.standard())) {
            return "[--" + option.name() + "=false]";
        }
        StringBuilder text = new StringBuilder();
        for (String name : option.names()) {
            text.append(text.isEmpty() ? "" : " | ").append(Option.dashed(name));
            if (!option.isFlag() && name.equals(option.name())) {
                text.append("=<").append(name).append('>');
            }
        }
        return "[" + text + "]" + (option.type().isList() ? "..." : "");
    }

    private String arguments(Command command) {
        List<String> names = new ArrayList<>();
        command.arguments().forEach(argument -> names.add(argument.usage()));
        List<String> said = new ArrayList<>();
        command.arguments().forEach(argument -> said.add(argument.description()));
        return table(names, said);
    }

    private String options(Command command) {
        List<String> names = new ArrayList<>();
        List<String> said = new ArrayList<>();
        for (Option option : command.options()) {
            List<String> sorted = new ArrayList<>(option.names());
            sorted.sort(Comparator.comparing(String::length));
            names.add(String.join(", ", sorted.stream().map(Option::dashed).toList()));
            said.add(option.help());
        }
        List<String> typed = new ArrayList<>();
        int longest = longest(names);
        for (int i = 0; i < names.size(); i++) {
            OptionType type = command.options().get(i).type();
            typed.add(padded(names.get(i), longest) + INDENT + type.specName());
        }
        return table(typed, said);
    }

    private String subcommands(Command command, List<String> path) {
        if (!command.subcommandText().isEmpty()) {
            return command.subcommandText();
        }
        List<String> names = new ArrayList<>();
        List<String> said = new ArrayList<>();
        for (Command child : command.subcommands()) {
            if (child.status() == Status.ACTIVE || child.status() == Status.EXPERIMENTAL) {
                names.add(name(path) + " " + child.name() + arguments(child.arguments()));
                said.add(child.tagline());
            }
        }
        return table(names, said);
    }

    private String table(List<String> names, List<String> said) {
        int longest = longest(names);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            lines.add(wrapped(padded(names.get(i), longest) + " - ", said.get(i)));
        }
        return String.join("\n", lines);
    }

    private static int longest(List<String> texts) {
        return texts.stream().mapToInt(String::length).max().orElse(0);
    }

    private static String padded(String text, int length) {
        return text + " ".repeat(length - text.length());
    }

    /** Prose in lines of the terminal's width. Paragraphs with columns or indented lines, such as examples, stay. */
    private String flowed(String text) {
        List<String> paragraphs = new ArrayList<>();
        for (String paragraph : text.split("\n\\s*\n", -1)) {
            boolean prose = !paragraph.contains("  ") && !paragraph.contains("\n- ") && !paragraph.contains("\n ");
            paragraphs.add(prose && !paragraph.startsWith(" ") ? wrapped("", paragraph) : paragraph);
        }
        return String.join("\n\n", paragraphs);
    }

    /** Text behind a prefix, its further lines below its first. */
    private String wrapped(String prefix, String text) {
        int room = width - prefix.length();
        if (room < MIN_COLUMN) {
            return prefix + text;
        }
        StringBuilder lines = new StringBuilder(prefix);
        int column = 0;
        for (String word : text.strip().split("\\s+", -1)) {
            if (column > 0 && column + 1 + word.length() > room) {
                lines.append('\n').append(" ".repeat(prefix.length()));
                column = 0;
            } else if (column > 0) {
                lines.append(' ');
                column++;
            }
            lines.append(word);
            column += word.length();
        }
        return lines.toString();
    }
}
