package io.kafila.daemon.internal.cli;

import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Console;
import io.kafila.daemon.internal.command.OptionValues;
import io.kafila.dag.unixfs.ImportEntry;
import io.kafila.dag.unixfs.ImportSource;
import io.kafila.dag.unixfs.PathSourceOptions;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Splits the words of a line into texts and files, and opens the files: those that are named, {@code -} for standard input,
 * and standard input where an argument that may come from there is missing.
 */
final class FileArguments {
    private final List<Argument> definitions;
    private final OptionValues options;
    private final Console console;
    private final List<String> texts = new ArrayList<>();
    /** Paths by the names under which they are sent. */
    private final Map<String, Path> paths = new LinkedHashMap<>();

    private @Nullable ImportEntry stdin;

    FileArguments(List<Argument> definitions, OptionValues options, Console console) {
        this.definitions = definitions;
        this.options = options;
        this.console = console;
    }

    /** What the words are. */
    record Split(List<String> texts, @Nullable ImportSource files) {}

    Split split(List<String> words) throws IOException {
        boolean variadic = !definitions.isEmpty()
                && definitions.get(definitions.size() - 1).variadic();
        if (words.size() > definitions.size() && !variadic) {
            throw CommandException.client("expected " + definitions.size() + " argument(s), got " + words.size());
        }
        int index = assign(words);
        if (index < definitions.size() && stdin == null) {
            Argument next = definitions.get(index);
            if (next.stdin() && (next.required() || !next.file()) && (next.required() || !console.inTerminal())) {
                stdin = fromStdin(options.text("stdin-name").orElse(""));
                index++;
            }
        }
        for (Argument missing : definitions.subList(Math.min(index, definitions.size()), definitions.size())) {
            if (missing.required()) {
                throw CommandException.client("argument \"" + missing.name() + "\" is required");
            }
        }
        return new Split(texts, source());
    }

    /** Gives each word to a definition; answers the first definition that got none. */
    private int assign(List<String> words) throws IOException {
        int required = (int) definitions.stream().filter(Argument::required).count();
        int index = 0;
        for (int i = 0; i < words.size(); i++) {
            int left = words.size() - i;
            while (index < definitions.size() - 1 && !definitions.get(index).required() && left <= required) {
                index++;
            }
            Argument definition = definitions.get(Math.min(index, definitions.size() - 1));
            if (definition.required() && index < definitions.size()) {
                required--;
            }
            if (definition.file()) {
                file(definition, words.get(i));
            } else {
                texts.add(words.get(i));
            }
            index++;
        }
        return index;
    }

    private static Path path(String word) {
        try {
            return word.equals(".")
                    ? Path.of("").toAbsolutePath()
                    : Path.of(word).normalize();
        } catch (InvalidPathException e) {
            throw new CommandException("lstat " + word + ": " + e.getReason());
        }
    }

    private void file(Argument definition, String word) throws IOException {
        if (word.equals("-")) {
            stdin = fromStdin(options.text("stdin-name").orElse(""));
            return;
        }
        boolean follow = options.flag("dereference-args") || options.flag("dereference-symlinks");
        Path path = path(word);
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new CommandException("lstat " + word + ": no such file or directory");
        }
        if (follow) {
            path = path.toRealPath();
        }
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            if (!definition.recursive()) {
                throw new CommandException("invalid path '" + word + "', argument '" + definition.name()
                        + "' does not support directories");
            }
            if (!options.flag("recursive")) {
                throw new CommandException("'" + word + "' is a directory, use the '-r' flag to specify directories");
            }
        }
        Path absolute = path.toAbsolutePath().normalize();
        String name = String.valueOf(absolute.getFileName());
        Path known = paths.putIfAbsent(name, absolute);
        if (known != null && !known.equals(absolute)) {
            throw new CommandException("file name " + name + " repeated under different import directories: "
                    + absolute.getParent() + " and " + known.getParent());
        }
    }

    private ImportEntry fromStdin(String name) {
        InputStream in = new FilterInputStream(console.in()) {
            private boolean told = !console.inTerminal();

            @Override
            public int read(byte[] target, int from, int length) throws IOException {
                if (!told) {
                    told = true;
                    console.err().println("ipfs: Reading from /dev/stdin; send Ctrl-d to stop.");
                }
                return super.read(target, from, length);
            }
        };
        return ImportEntry.File.of(name, () -> Channels.newChannel(in));
    }

    private @Nullable ImportSource source() throws IOException {
        ImportEntry piped = stdin;
        if (paths.isEmpty()) {
            return piped == null ? null : ImportSource.of(List.of(piped));
        }
        Optional<Path> rules = options.text("ignore-rules-path").map(Path::of);
        PathSourceOptions walk = new PathSourceOptions(
                options.flag("recursive"),
                options.flag("hidden"),
                options.texts("ignore"),
                rules,
                options.flag("dereference-symlinks"));
        List<Path> sorted = paths.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .toList();
        ImportSource files = ImportSource.ofPaths(sorted, walk);
        return piped == null ? files : joined(ImportSource.of(List.of(piped)), files);
    }

    private static ImportSource joined(ImportSource first, ImportSource second) {
        return new ImportSource() {
            @Override
            public @Nullable ImportEntry next() throws IOException {
                ImportEntry entry = first.next();
                return entry == null ? second.next() : entry;
            }

            @Override
            public void close() throws IOException {
                first.close();
                second.close();
            }
        };
    }
}
