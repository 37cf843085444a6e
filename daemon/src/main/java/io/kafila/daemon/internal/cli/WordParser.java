package io.kafila.daemon.internal.cli;

import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.OptionValues;
import io.kafila.daemon.internal.command.Request;
import io.kafila.daemon.internal.command.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Turns words into a command, its options and its arguments. The rules are Kubo's: options stand anywhere, also before the
 * name of the command; {@code --name=value} and {@code --name value}; letters can be joined; {@code --} ends them.
 */
final class WordParser {
    /** What picocli gathers values in. Its own factory would look for Groovy in every jar of the class path. */
    private static final CommandLine.IFactory LISTS = new CommandLine.IFactory() {
        @Override
        public <K> K create(Class<K> type) {
            return type.cast(new ArrayList<>());
        }
    };

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
        List<String> rest = new ArrayList<>();
        List<Command> chain = new ArrayList<>(List.of(root));
        CommandException fault = null;
        List<String> path = List.of();
        try {
            path = find(words, chain, rest);
        } catch (CommandException e) {
            fault = e;
        }
        Map<String, Option> known = Request.optionsOf(chain);
        try {
            Map<String, List<String>> texts = new LinkedHashMap<>();
            List<String> arguments = fault == null ? read(known, rest, texts) : List.of();
            return new Line(chain, path, arguments, OptionValues.of(known, texts), fault);
        } catch (CommandException e) {
            OptionValues help = OptionValues.of(known, helpOf(words));
            return new Line(chain, path, List.of(), help, fault == null ? e : fault);
        }
    }

    private static Map<String, List<String>> helpOf(List<String> words) {
        Map<String, List<String>> help = new LinkedHashMap<>();
        if (words.contains("--help")) {
            help.put("help", List.of("true"));
        } else if (words.contains("-h")) {
            help.put("h", List.of("true"));
        }
        return help;
    }

    /** Takes the names of commands out of the words; the rest are options and arguments. */
    private static List<String> find(List<String> words, List<Command> chain, List<String> rest) {
        List<String> path = new ArrayList<>();
        Command at = chain.get(0);
        Map<String, Option> known = Request.optionsOf(chain);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            Command next = at.subcommands().get(word);
            if (word.equals("--")) {
                rest.addAll(words.subList(i, words.size()));
                break;
            } else if (word.startsWith("-") && word.length() > 1) {
                rest.add(word);
                if (takesNext(word, known) && i + 1 < words.size()) {
                    rest.add(words.get(++i));
                }
            } else if (next != null) {
                at = next;
                path.add(word);
                chain.add(at);
                known = Request.optionsOf(chain);
                if (at.status() == Status.ABSENT) {
                    break;
                }
            } else if (path.isEmpty()) {
                throw unknown(word, chain.get(0));
            } else {
                rest.add(word);
            }
        }
        return path;
    }

    /** Whether the word is an option whose value is the next word. */
    private static boolean takesNext(String word, Map<String, Option> known) {
        if (word.contains("=")) {
            return false;
        }
        if (word.startsWith("--")) {
            Option option = known.get(word.substring(2));
            return option != null && !option.isFlag();
        }
        for (int i = 1; i < word.length(); i++) {
            Option option = known.get(word.substring(i, i + 1));
            if (option == null || !option.isFlag()) {
                return option != null && i == word.length() - 1;
            }
        }
        return false;
    }

    private static CommandException unknown(String word, Command root) {
        List<String> near = Suggestions.near(word, root.subcommands().keySet());
        String hint = switch (near.size()) {
            case 0 -> "\n";
            case 1 -> "\n\nDid you mean this?\n\n\t" + near.get(0);
            default -> "\n\nDid you mean any of these?\n\n\t" + String.join("\n\t", near);
        };
        return CommandException.client("Unknown Command \"" + word + "\"" + hint);
    }

    /** Parses options and arguments of one command. */
    private static List<String> read(Map<String, Option> known, List<String> words, Map<String, List<String>> texts) {
        List<String> bare = withoutFlagValues(words, known, texts);
        CommandLine line = new CommandLine(spec(known), LISTS)
                .setExpandAtFiles(false)
                .setAllowOptionsAsOptionParameters(true)
                .setUnmatchedOptionsArePositionalParams(false)
                .setTrimQuotes(false)
                .setInterpolateVariables(false);
        try {
            ParseResult result = line.parseArgs(bare.toArray(new String[0]));
            for (OptionSpec option : new LinkedHashSet<>(result.matchedOptions())) {
                String name = bare(option.names()[0]);
                boolean flag = option.arity().max() == 0;
                texts.computeIfAbsent(name, first -> new ArrayList<>())
                        .addAll(flag ? List.of("true") : option.originalStringValues());
            }
            List<String> arguments = new ArrayList<>();
            // picocli lists the one parameter once for each match.
            result.matchedPositionals().stream()
                    .distinct()
                    .forEach(positional -> arguments.addAll(positional.originalStringValues()));
            return arguments;
        } catch (CommandLine.UnmatchedArgumentException e) {
            String word = bare(e.getUnmatched().get(0)).replaceFirst("=.*", "");
            throw CommandException.client("unknown option \"" + word + "\"");
        } catch (CommandLine.MissingParameterException e) {
            throw CommandException.client(
                    "missing argument for option \"" + nameOf(e.getMissing().get(0)) + "\"");
        } catch (CommandLine.OverwrittenOptionException e) {
            throw CommandException.client("multiple values for option \"" + nameOf(e.getOverwritten()) + "\"");
        } catch (ParameterException e) {
            throw CommandException.client(String.valueOf(e.getMessage()));
        }
    }

    private static CommandSpec spec(Map<String, Option> known) {
        CommandSpec spec = CommandSpec.wrapWithoutInspection(new Object(), LISTS);
        for (Map.Entry<String, Option> entry : known.entrySet()) {
            Option option = entry.getValue();
            if (!entry.getKey().equals(option.name())) {
                continue;
            }
            List<String> names = new ArrayList<>();
            for (String name : option.names()) {
                names.add(Option.dashed(name));
                if (name.length() == 1) {
                    names.add("--" + name);
                }
            }
            OptionSpec.Builder builder = OptionSpec.builder(names.toArray(new String[0]));
            if (option.isFlag()) {
                builder.type(boolean.class).arity("0");
            } else if (option.type().isList()) {
                builder.type(List.class).auxiliaryTypes(String.class).arity("1");
            } else {
                builder.type(String.class).arity("1");
            }
            spec.addOption(builder.build());
        }
        return spec.addPositional(PositionalParamSpec.builder()
                .index("0..*")
                .arity("0..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .build());
    }

    /** Takes words such as {@code --flag=false} out: a flag has a value only behind an equals sign. */
    private static List<String> withoutFlagValues(
            List<String> words, Map<String, Option> known, Map<String, List<String>> texts) {
        List<String> rest = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            int equals = word.indexOf('=');
            Option option = word.startsWith("-") && equals > 0 ? known.get(bare(word.substring(0, equals))) : null;
            if (word.equals("--")) {
                rest.addAll(words.subList(i, words.size()));
                break;
            } else if (option != null && option.isFlag()) {
                texts.computeIfAbsent(option.name(), first -> new ArrayList<>()).add(word.substring(equals + 1));
            } else {
                // Before an equals sign one dash does for a long name, too.
                boolean isShortened = option != null && equals > 2 && !word.startsWith("--");
                rest.add(isShortened ? "-" + word : word);
                if (word.startsWith("-") && takesNext(word, known) && i + 1 < words.size()) {
                    rest.add(words.get(++i));
                }
            }
        }
        return rest;
    }

    private static String bare(String dashed) {
        return dashed.replaceFirst("^--?", "");
    }

    private static String nameOf(ArgSpec spec) {
        return spec instanceof OptionSpec option ? bare(option.names()[0]) : "";
    }
}
