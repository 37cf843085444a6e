package io.kafila.daemon.internal.cli;

import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.OptionValues;
import io.kafila.daemon.internal.command.Request;
import io.kafila.daemon.internal.command.Status;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns words into a command, its options and its arguments, by Kubo's rules: an option stands anywhere behind the name of
 * the command that has it; {@code --name=value}, {@code --name value} and {@code -name=value}; letters can be joined, and the
 * value of the last one follows in the same word or the next; a flag has a value only behind an equals sign; {@code --} ends
 * the options.
 */
final class WordParser {
    private final Command root;

    WordParser(Command root) {
        this.root = root;
    }

    /** A line, parsed as far as it could be; {@code fault} is what was wrong with the rest. */
    record Line(
            List<Command> chain,
            List<String> path,
            List<String> arguments,
            OptionValues options,
            @Nullable CommandException fault) {
        Command command() {
            return chain.get(chain.size() - 1);
        }
    }

    Line parse(List<String> words) {
        Walk walk = new Walk(root, words);
        try {
            walk.run();
            return new Line(walk.chain, walk.path, walk.arguments, OptionValues.of(walk.known, walk.texts), null);
        } catch (CommandException e) {
            // Whoever is mistaken in an option may still ask for help; a command that is none has no help.
            OptionValues asked = OptionValues.of(walk.known, walk.isLost() ? Map.of() : helpOf(words));
            return new Line(walk.chain, walk.path, List.of(), asked, e);
        }
    }

    private static Map<String, List<String>> helpOf(List<String> words) {
        if (words.contains("--help")) {
            return Map.of("help", List.of("true"));
        }
        return words.contains("-h") ? Map.of("h", List.of("true")) : Map.of();
    }

    /** One pass over the words of a line. */
    private static final class Walk {
        private final Deque<String> words;
        private final List<Command> chain = new ArrayList<>();
        private final List<String> path = new ArrayList<>();
        private final List<String> arguments = new ArrayList<>();
        private final Map<String, List<String>> texts = new LinkedHashMap<>();
        /** The options of the commands so far, by each of their names. */
        private Map<String, Option> known;

        Walk(Command root, List<String> words) {
            this.words = new ArrayDeque<>(words);
            chain.add(root);
            known = Request.optionsOf(chain);
        }

        /** Whether it ended at a word that had to be a command and is none. */
        boolean isLost() {
            return path.isEmpty() && !arguments.isEmpty();
        }

        void run() {
            while (!words.isEmpty() && command().status() != Status.ABSENT) {
                String word = words.remove();
                if (word.equals("--")) {
                    arguments.addAll(words);
                    words.clear();
                } else if (word.startsWith("--")) {
                    readLong(word.substring(2));
                } else if (word.startsWith("-") && word.length() > 1) {
                    readShort(word.substring(1));
                } else {
                    readName(word);
                }
            }
        }

        private Command command() {
            return chain.get(chain.size() - 1);
        }

        private void readName(String word) {
            Optional<Command> next = command().subcommand(word);
            if (next.isPresent()) {
                path.add(word);
                chain.add(next.get());
                known = Request.optionsOf(chain);
                return;
            }
            arguments.add(word);
            if (path.isEmpty()) {
                throw unknownCommand(word, command());
            }
        }

        private void readLong(String text) {
            int equals = text.indexOf('=');
            String name = equals < 0 ? text : text.substring(0, equals);
            Option option = find(name, name);
            if (equals >= 0) {
                put(option, text.substring(equals + 1));
            } else {
                put(option, option.isFlag() ? "true" : next(name));
            }
        }

        /** Letters, or a whole name with its value behind an equals sign. */
        private void readShort(String text) {
            int equals = text.indexOf('=');
            if (equals >= 0) {
                String name = text.substring(0, equals);
                put(find(name, name), text.substring(equals + 1));
                return;
            }
            for (int i = 0; i < text.length(); i++) {
                Option option = find(text.substring(i, i + 1), text);
                if (!option.isFlag()) {
                    put(option, i + 1 < text.length() ? text.substring(i + 1) : next(text));
                    return;
                }
                put(option, "true");
            }
        }

        /** @param written what the user sees named where there is no such option */
        private Option find(String name, String written) {
            Option option = known.get(name);
            if (option == null) {
                throw CommandException.client("unknown option \"" + written + "\"");
            }
            return option;
        }

        private String next(String written) {
            if (words.isEmpty()) {
                throw CommandException.client("missing argument for option \"" + written + "\"");
            }
            return words.remove();
        }

        private void put(Option option, String text) {
            texts.computeIfAbsent(option.name(), first -> new ArrayList<>()).add(text);
        }

        private static CommandException unknownCommand(String word, Command root) {
            List<String> near = Suggestions.near(word, root.subcommandNames());
            String hint = switch (near.size()) {
                case 0 -> "\n";
                case 1 -> "\n\nDid you mean this?\n\n\t" + near.get(0);
                default -> "\n\nDid you mean any of these?\n\n\t" + String.join("\n\t", near);
            };
            return CommandException.client("Unknown Command \"" + word + "\"" + hint);
        }
    }
}
