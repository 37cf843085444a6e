package io.kafila.daemon.internal.command;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The definition of a command: what help says, what it takes, what it does, how its output reads. Immutable. */
public final class Command {
    /** Where a command may run. */
    public enum Place {
        /** In the daemon when one runs, else in the process of the command line. */
        ANYWHERE,
        /** In the process of the command line only; not part of the RPC. */
        LOCAL,
        /** In the process of the command line always, since it needs neither repo nor node; the RPC has it as well. */
        WITHOUT_REPO,
        /** In the daemon only. */
        DAEMON
    }

    /** What a command does. It blocks its thread; an interrupt asks it to stop. */
    @FunctionalInterface
    public interface Body {
        void run(Request request, Emitter emitter, Environment environment) throws Exception;
    }

    private final Builder parts;

    private Command(Builder parts) {
        this.parts = parts;
    }

    public static Builder named(String name, String tagline) {
        return new Builder(name, tagline);
    }

    public String name() {
        return parts.name;
    }

    /** One line. */
    public String tagline() {
        return parts.tagline;
    }

    /** The text of {@code -h}; the first paragraph of the long one where it has none of its own. */
    public String shortDescription() {
        if (!parts.shortDescription.isEmpty()) {
            return parts.shortDescription;
        }
        String whole = parts.description.strip();
        int paragraph = whole.indexOf("\n\n");
        return paragraph < 0 ? whole : whole.substring(0, paragraph);
    }

    /** The text of {@code --help}. */
    public String description() {
        return parts.description.isEmpty() ? parts.shortDescription : parts.description;
    }

    /** A list of subcommands that replaces the generated one; empty for most. */
    public String subcommandText() {
        return parts.subcommandText;
    }

    public String synopsis() {
        return parts.synopsis;
    }

    public List<Argument> arguments() {
        return Collections.unmodifiableList(parts.arguments);
    }

    public List<Option> options() {
        return Collections.unmodifiableList(parts.options);
    }

    /** The names of all subcommands, in order. */
    public NavigableSet<String> subcommandNames() {
        return Collections.unmodifiableNavigableSet(parts.subcommands.navigableKeySet());
    }

    /** All subcommands, in the order of their names. */
    public List<Command> subcommands() {
        return parts.subcommands.values().stream().map(Later::command).toList();
    }

    public Optional<Command> subcommand(String name) {
        return Optional.ofNullable(parts.subcommands.get(name)).map(Later::command);
    }

    public Status status() {
        return parts.status;
    }

    public Place place() {
        return parts.place;
    }

    /** Whether it may be called itself, not only its subcommands. */
    public boolean isCallable() {
        return parts.body != null;
    }

    public void run(Request request, Emitter emitter, Environment environment) throws Exception {
        if (parts.body == null) {
            throw CommandException.client("this command cannot be called directly; try one of its subcommands.");
        }
        parts.body.run(request, emitter, environment);
    }

    /** How its values read as text; empty where JSON is all there is. Serves {@code --enc=text} over RPC, too. */
    public Optional<TextFormat> text(Request request) {
        return Optional.ofNullable(parts.text).map(format -> format.apply(request));
    }

    /** How the command line shows it: the text, or something that only a terminal can have, such as progress. */
    public Optional<TextFormat> terminal(Request request) {
        return parts.terminal == null ? text(request) : Optional.of(parts.terminal.apply(request));
    }

    /** The options as the command line gives them, such as progress where there is a terminal to draw it. */
    public OptionValues prepared(OptionValues options, Console console) {
        return parts.preparation.apply(options, console);
    }

    /** Whether the command line shows it in its own way whatever {@code --enc} says. */
    public boolean terminalOnly() {
        return parts.terminal != null;
    }

    /** The commands from this one down the path, this one first; empty where there is no such path. */
    public Optional<List<Command>> resolve(List<String> path) {
        List<Command> chain = new ArrayList<>(List.of(this));
        Command at = this;
        for (String name : path) {
            Optional<Command> next = at.subcommand(name);
            if (next.isEmpty()) {
                return Optional.empty();
            }
            at = next.get();
            chain.add(at);
        }
        return Optional.of(chain);
    }

    /** A command that is made when it is first asked for: most of the table is not, in a process that runs one command. */
    private static final class Later {
        private final String name;
        private final Supplier<Command> maker;
        private @Nullable Command made;

        Later(String name, Supplier<Command> maker) {
            this.name = name;
            this.maker = maker;
        }

        synchronized Command command() {
            if (made == null) {
                Command command = maker.get();
                if (!command.name().equals(name)) {
                    throw new IllegalStateException("the command " + command.name() + " is in the table as " + name);
                }
                made = command;
            }
            return made;
        }
    }

    /** Builds a command; used while the tree is made, by one thread. */
    public static final class Builder {
        private final String name;
        private final String tagline;
        private String shortDescription = "";
        private String description = "";
        private String subcommandText = "";
        private String synopsis = "";
        private final List<Argument> arguments = new ArrayList<>();
        private final List<Option> options = new ArrayList<>();
        private final NavigableMap<String, Later> subcommands = new TreeMap<>();
        private Status status = Status.ACTIVE;
        private Place place = Place.ANYWHERE;
        private @Nullable Body body;
        private @Nullable Function<Request, TextFormat> text;
        private @Nullable Function<Request, TextFormat> terminal;
        private BiFunction<OptionValues, Console, OptionValues> preparation = (options, console) -> options;

        private Builder(String name, String tagline) {
            this.name = name;
            this.tagline = tagline;
        }

        public Builder summary(String lines) {
            shortDescription = lines.strip();
            return this;
        }

        public Builder description(String lines) {
            description = lines.strip();
            return this;
        }

        public Builder subcommandText(String lines) {
            subcommandText = lines;
            return this;
        }

        public Builder synopsis(String line) {
            synopsis = line;
            return this;
        }

        public Builder takes(Argument... added) {
            arguments.addAll(List.of(added));
            return this;
        }

        public Builder options(Option... added) {
            options.addAll(List.of(added));
            return this;
        }

        public Builder has(Command... children) {
            for (Command child : children) {
                has(child.name(), () -> child);
            }
            return this;
        }

        /** A subcommand that is made when it is first asked for, by any thread. */
        public Builder has(String child, Supplier<Command> maker) {
            if (subcommands.put(child, new Later(child, maker)) != null) {
                throw new IllegalArgumentException(name + " has two commands named " + child);
            }
            return this;
        }

        public Builder status(Status value) {
            status = value;
            return this;
        }

        public Builder runs(Place value) {
            place = value;
            return this;
        }

        public Builder does(Body value) {
            body = value;
            return this;
        }

        /** A format that keeps nothing from one value to the next. */
        public Builder prints(TextFormat.Line line) {
            return text(request -> (value, console) -> line.print(request, value, console));
        }

        public Builder text(Function<Request, TextFormat> format) {
            text = format;
            return this;
        }

        public Builder terminal(Function<Request, TextFormat> format) {
            terminal = format;
            return this;
        }

        /** Defaults that only the command line has. */
        public Builder prepares(BiFunction<OptionValues, Console, OptionValues> value) {
            preparation = value;
            return this;
        }

        /** {@code --progress} is on where standard error is a terminal. */
        public Builder drawsProgress() {
            return prepares((options, console) ->
                    options.given("progress") ? options : options.with("progress", console.errorTerminal()));
        }

        public Command build() {
            return new Command(this);
        }
    }
}
