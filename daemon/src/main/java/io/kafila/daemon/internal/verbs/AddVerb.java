package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Console;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.OfferedFiles;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.Request;
import io.kafila.daemon.internal.command.TextFormat;
import io.kafila.dag.unixfs.ImportEntry;
import io.kafila.dag.unixfs.ImportListener;
import io.kafila.dag.unixfs.ImportOptions;
import io.kafila.dag.unixfs.ImportSource;
import io.kafila.dag.unixfs.Imported;
import io.kafila.node.AddOptions;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** {@code add}: imports files. */
final class AddVerb {
    /** What Kubo says of every symlink: os.ModeSymlink and os.ModePerm of Go. */
    private static final String GO_SYMLINK = "01000000777";

    private AddVerb() {}

    static Command command() {
        return Command.named("add", "Store files and directories and print the CIDs that name them.")
                .summary("Stores files, with -r directories and all that is in them, and prints CIDs.")
                .description("""
                        Stores files, with -r directories and all that is in them, and prints for each the CID that
                        names its content; the last line is the root:

                          > kafila add model.safetensors
                          added bafybei... model.safetensors
                          > kafila add -r checkpoint/
                          added bafkrei... checkpoint/config.json
                          added bafybei... checkpoint/model.safetensors
                          added bafybei... checkpoint

                        The CID is all that another node needs: 'kafila get <cid>'.

                        A file is cut into chunks, which become the leaves of a graph; the CID of its root names the
                        content. Equal bytes and equal parameters give an equal CID in every implementation. The
                        standard parameters are those of the profile unixfs-v1-2025 (CIDv1, raw leaves, 1 MiB chunks);
                        'kafila config profile apply unixfs-v0-2015' gives the CIDs of old imports. The section Import of
                        the config and the flags above change single ones.

                        The root is pinned, so that garbage collection keeps it; --pin=false leaves it unpinned. The
                        command ends when everything is safely on disk.

                        What a program writes, under a name in a directory:

                          > tar c logs | kafila add -w --stdin-name=logs.tar

                        To see what the CID would be without storing anything: --only-hash. To keep references to large
                        files instead of copies: --nocopy.""")
                .takes(Argument.file("path", "File to store, or with -r a directory. Default: standard input.")
                        .many()
                        .orStdin()
                        .orDirectory())
                .options(
                        Option.flag("Store directories with all that is in them.", "recursive", "r"),
                        Option.flag(
                                "Follow the symbolic links among the arguments. DEPRECATED:"
                                        + " --dereference-symlinks follows all.",
                                "dereference-args"),
                        Option.text("Name for what comes from standard input.", "stdin-name"),
                        Option.flag("With -r: take hidden files, too, whose names begin with a dot.", "hidden", "H"),
                        Option.texts(
                                "With -r: pass over what matches this rule, written as in a .gitignore file. May"
                                        + " be given several times.",
                                "ignore"),
                        Option.text("With -r: a file of such rules.", "ignore-rules-path"),
                        Option.flag("With -r: store empty directories, too.", "empty-dirs", "E")
                                .withDefault(true),
                        Option.flag(
                                "Store what symbolic links point to, in place of the links.", "dereference-symlinks"),
                        Option.flag("Print CIDs alone.", "quiet", "q"),
                        Option.flag("Print the last CID alone: the root.", "quieter", "Q"),
                        Option.flag("Print nothing.", "silent"),
                        Option.flag(
                                "Show how far it is, on standard error. On where that is a terminal;"
                                        + " --progress=false turns it off.",
                                "progress",
                                "p"),
                        Option.flag("Print the CIDs, store nothing.", "only-hash", "n"),
                        Option.flag(
                                "Put all arguments into one directory, which keeps their names and is the root.",
                                "wrap-with-directory",
                                "w"),
                        Option.flag("Pin the root, so that garbage collection keeps it.", "pin")
                                .withDefault(true),
                        Option.text("Name of the pin, shown by 'kafila pin ls --names'.", "pin-name"),
                        Option.text(
                                "Not available: there is no MFS yet. The command fails where it is given.", "to-files"),
                        Option.flag(
                                "Accepted without effect: the root is told to the network at once in any case.",
                                "fast-provide-root"),
                        Option.flag(
                                "Accepted without effect: what Provide.Strategy names below the root is told soon.",
                                "fast-provide-dag"),
                        Option.flag(
                                "Accepted without effect: the command does not wait until the network is told.",
                                "fast-provide-wait"))
                .options(ImportSettings.options())
                .prepares((options, console) -> options.given("progress")
                                || options.flag("quiet")
                                || options.flag("quieter")
                                || options.flag("silent")
                        ? options
                        : options.with("progress", console.errorTerminal()))
                .does(AddVerb::add)
                .terminal(Format::new)
                .build();
    }

    private static void add(Request request, Emitter emitter, Environment environment) throws InterruptedException {
        if (request.text("to-files").isPresent()) {
            throw CommandException.client("to-files: the Files API (MFS) is not available in this program yet");
        }
        boolean pin = request.flag("pin") && !request.flag("only-hash");
        String pinName = request.text("pin-name", "");
        if (!pin && request.given("pin-name")) {
            throw new CommandException("pin-name option requires pin to be set");
        }
        PinVerb.checkName(pinName);
        ImportOptions imports = ImportSettings.of(request, environment.config());
        imports.check();
        CidEncoder encoder = CidEncoder.of(request);
        Events<JsonNode> events = new Events<>();
        boolean silent = request.flag("silent");
        boolean progress = request.flag("progress");
        boolean[] any = new boolean[1];
        ImportListener listener = new ImportListener() {
            @Override
            public void progress(String path, long readBytes) {
                if (progress && !silent) {
                    events.put(Json.object("Name", path, "Bytes", readBytes));
                }
            }

            @Override
            public void imported(Imported imported) {
                any[0] = true;
                if (!silent) {
                    events.put(event(imported, encoder));
                }
            }
        };
        AddOptions options = new AddOptions(imports, pin, pinName);
        ImportSource files = request.requireFiles();
        if (files instanceof OfferedFiles offered) {
            offered.answer(taken -> events.hurry(Json.object(OfferedFiles.ANSWER, taken)));
        }
        events.drainBatches(environment.node().files().add(files, options, listener), emitter::emitAll);
        if (!any[0]) {
            throw new CommandException("expected a file argument");
        }
    }

    private static JsonNode event(Imported imported, CidEncoder encoder) {
        ObjectNode event = Json.object(
                "Name", imported.path(),
                "Hash", encoder.encode(imported.cid()),
                "Size", Long.toString(imported.sizeBytes()));
        if (imported.kind() == ImportEntry.Kind.SYMLINK) {
            event.put("Mode", GO_SYMLINK);
        } else {
            imported.mode().ifPresent(mode -> event.put("Mode", "0" + Integer.toOctalString(mode)));
        }
        imported.mtime().ifPresent(time -> {
            event.put("Mtime", time.getEpochSecond());
            int nanos = time.getNano();
            if (nanos > 0) {
                event.put("MtimeNsecs", nanos);
            }
        });
        return event;
    }

    /** Prints what was added; with progress a line that counts bytes. */
    private static final class Format implements TextFormat {
        private final boolean quiet;
        private final boolean quieter;
        private final boolean silent;
        private final boolean progress;
        private @Nullable Progress bar;
        private String lastName = "";
        private String lastHash = "";
        private long lastBytes;
        private long doneBytes;

        Format(Request request) {
            quieter = request.flag("quieter");
            quiet = quieter || request.flag("quiet");
            silent = request.flag("silent");
            progress = request.flag("progress");
        }

        @Override
        public void value(JsonNode value, Console console) {
            String hash = value.path("Hash").asText();
            if (hash.isEmpty()) {
                count(value.path("Name").asText(), value.path("Bytes").asLong(), console);
                return;
            }
            lastHash = hash;
            if (bar != null) {
                bar.clear();
            }
            if (silent || quieter) {
                return;
            }
            console.println(
                    quiet
                            ? hash
                            : "added " + hash + " "
                                    + Human.printable(value.path("Name").asText()));
        }

        private void count(String name, long bytes, Console console) {
            if (!progress) {
                return;
            }
            if (bar == null) {
                bar = new Progress(console, OptionalLong.empty(), System::nanoTime);
            }
            if (!name.equals(lastName) || bytes < lastBytes) {
                doneBytes += lastBytes;
                lastName = name;
            }
            lastBytes = bytes;
            bar.at(doneBytes + lastBytes);
        }

        @Override
        public void end(Console console) {
            failed(console);
            if (quieter && !silent) {
                console.println(lastHash);
            }
        }

        @Override
        public void failed(Console console) {
            if (bar != null) {
                bar.clear();
            }
        }
    }
}
