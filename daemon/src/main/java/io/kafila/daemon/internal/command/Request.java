package io.kafila.daemon.internal.command;

import io.kafila.dag.unixfs.ImportEntry;
import io.kafila.dag.unixfs.ImportSource;
import io.kafila.node.config.Units;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** One call of a command: its arguments, options and files. Confined to the thread that runs it. */
public final class Request {
    /** The most arguments that are read from a body. */
    public static final int MAX_BODY_ARGUMENTS = 1_000_000;

    private final Command root;
    private final List<String> path;
    private final Command command;
    private final List<String> arguments;
    private final OptionValues options;
    private @Nullable ImportSource files;
    private @Nullable BufferedReader lines;

    public Request(
            Command root,
            List<String> path,
            Command command,
            List<String> arguments,
            OptionValues options,
            @Nullable ImportSource files) {
        this.root = root;
        this.path = List.copyOf(path);
        this.command = command;
        this.arguments = new ArrayList<>(arguments);
        this.options = options;
        this.files = files;
    }

    public Command root() {
        return root;
    }

    public List<String> path() {
        return path;
    }

    public Command command() {
        return command;
    }

    /** The text arguments that were given in the request's line, after {@link #check} also the first of its body. */
    public List<String> arguments() {
        return Collections.unmodifiableList(arguments);
    }

    public String argument(int index) {
        return arguments.get(index);
    }

    public OptionValues options() {
        return options;
    }

    /**
     * Takes lines of the body as arguments where the last argument may come from there, and fails where a required one is
     * missing.
     */
    public Request check() throws IOException {
        List<Argument> definitions = command.arguments();
        if (definitions.isEmpty()) {
            return this;
        }
        Argument last = definitions.get(definitions.size() - 1);
        ImportSource upload = files;
        if (last.stdin() && !last.file() && upload != null && lines == null) {
            files = null;
            if (upload.next() instanceof ImportEntry.File body) {
                lines = new BufferedReader(new InputStreamReader(content(body), StandardCharsets.UTF_8));
            }
        }
        int required = 0;
        for (Argument definition : definitions) {
            if (definition.file()) {
                continue;
            }
            if (!definition.required()) {
                break;
            }
            required++;
            if (required > arguments.size()) {
                String line = definition.stdin() ? nextLine() : null;
                if (line == null) {
                    throw CommandException.client("argument \"" + definition.name() + "\" is required");
                }
                arguments.add(line);
            }
        }
        return this;
    }

    private @Nullable String nextLine() throws IOException {
        BufferedReader reader = lines;
        return reader == null ? null : reader.readLine();
    }

    /** All arguments, those of the body included. */
    public List<String> allArguments() throws IOException {
        for (String line = nextLine(); line != null; line = nextLine()) {
            if (arguments.size() >= MAX_BODY_ARGUMENTS) {
                throw CommandException.client("more than " + MAX_BODY_ARGUMENTS + " arguments in the body");
            }
            arguments.add(line);
        }
        return arguments();
    }

    /** The argument after the first {@code count}, from the line or the body; {@code null} after the last one. */
    public @Nullable String argumentAfter(int count) throws IOException {
        return count < arguments.size() ? arguments.get(count) : nextLine();
    }

    /** The reader of lines that are not yet taken, for whoever passes the body on. */
    public @Nullable BufferedReader bodyLines() {
        return lines;
    }

    public Optional<ImportSource> files() {
        return Optional.ofNullable(files);
    }

    /** The files, of a command that cannot be called without them. */
    public ImportSource requireFiles() {
        ImportSource upload = files;
        if (upload == null) {
            throw CommandException.client("expected a file argument");
        }
        return upload;
    }

    /** The one file that the command takes. */
    public ImportEntry.File file() throws IOException {
        ImportEntry entry = requireFiles().next();
        if (entry == null) {
            throw CommandException.client("expected one file argument");
        }
        if (!(entry instanceof ImportEntry.File file)) {
            throw CommandException.client("expected a regular file");
        }
        return file;
    }

    /** The bytes of a file; opened once. */
    public static InputStream content(ImportEntry.File file) throws IOException {
        return Channels.newInputStream(file.content().open());
    }

    public boolean flag(String name) {
        return options.flag(name);
    }

    public String text(String name, String otherwise) {
        return options.text(name).orElse(otherwise);
    }

    public Optional<String> text(String name) {
        return options.text(name);
    }

    public OptionalLong number(String name) {
        return options.number(name);
    }

    public long number(String name, long otherwise) {
        return options.number(name).orElse(otherwise);
    }

    public List<String> texts(String name) {
        return options.texts(name);
    }

    public boolean given(String name) {
        return options.given(name);
    }

    /** The value of {@code --timeout}. */
    public Optional<Duration> timeout() {
        return text("timeout").map(Units::duration);
    }

    /** The value of {@code --encoding}. */
    public Encoding encoding() {
        return Encoding.byName(text("encoding", "json"));
    }

    /**
     * Waits for a future. An interrupt, which a deadline or a client that went away brings, cancels it.
     */
    public static <T> T await(CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw CommandException.of(e);
        }
    }

    /** Every option of a command on a path, by each of its names. */
    public static Map<String, Option> optionsOf(List<Command> chain) {
        Map<String, Option> known = new HashMap<>();
        for (Command command : chain) {
            for (Option option : command.options()) {
                for (String name : option.names()) {
                    if (known.put(name, option) != null) {
                        throw new IllegalStateException("option name \"" + name + "\" used multiple times");
                    }
                }
            }
        }
        return known;
    }
}
