package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Console;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.Request;
import io.kafila.daemon.internal.command.TextFormat;
import io.kafila.dag.ContentPath;
import io.kafila.dag.unixfs.Unixfs;
import io.kafila.dag.unixfs.UnixfsFile;
import io.kafila.dag.unixfs.UnixfsStat;
import io.kafila.multiformats.Cid;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** {@code get}: writes files and directories to disk. */
final class GetVerb {
    private static final int BUFFER_BYTES = 64 * 1024;

    private GetVerb() {}

    static Command command() {
        return Command.named("get", "Save files and directories here.")
                .description("""
                        Stores a file or a directory with everything in it under the name of the last part of the path,
                        or under --output:

                          > kafila get -o model bafybeig.../model

                        --archive writes one TAR file, --compress compresses it with GZIP; a single file is compressed
                        without TAR unless --archive is given. Nothing is written outside of the output path, whatever a
                        directory says.""")
                .takes(Argument.text("ipfs-path", "What to save: a CID, or a path such as <cid>/checkpoint.")
                        .orStdin())
                .options(
                        Option.text(
                                "Where to save it. Default: the last part of the path, in this folder.", "output", "o"),
                        Option.flag("Save it as one TAR file.", "archive", "a"),
                        Option.flag("Compress with GZIP.", "compress", "C"),
                        Option.integer(
                                "1 (fast) to 9 (small). Implies --compress. Default: 6.", "compression-level", "l"),
                        Option.flag(
                                "Show how far it is, on standard error. On where that is a terminal;"
                                        + " --progress=false turns it off.",
                                "progress",
                                "p"))
                .drawsProgress()
                .does(GetVerb::get)
                .terminal(Format::new)
                .build();
    }

    /** 0 for none. */
    private static int compression(Request request) {
        if (!request.flag("compress")) {
            return 0;
        }
        long level = request.number("compression-level", 6);
        if (level < 1 || level > 9) {
            throw new CommandException("compression level must be between 1 and 9");
        }
        return (int) level;
    }

    private static void get(Request request, Emitter emitter, Environment environment) throws Exception {
        int level = compression(request);
        String text = request.argument(0);
        try (View view = View.of(request, environment)) {
            Cid root = view.unixfs(text);
            UnixfsStat stat = Request.await(Unixfs.stat(view.source(), root));
            boolean bare = level > 0 && !request.flag("archive");
            if (bare && !stat.type().isFile()) {
                throw new CommandException("file is not regular");
            }
            emitter.length(stat.type().isDirectory() ? stat.cumulativeSizeBytes() : stat.sizeBytes());
            emitter.contentType(level > 0 ? "application/gzip" : "application/x-tar");
            try (OutputStream out = compressed(emitter.bytes(), level)) {
                if (bare) {
                    try (UnixfsFile file = Request.await(UnixfsFile.open(view.source(), root))) {
                        Pulls.forEach(file.read(0, file.sizeBytes()), payload -> View.write(payload, out));
                    }
                } else {
                    new TarStream(out).write(Unixfs.tree(view.source(), root), name(text));
                }
            }
        }
    }

    private static OutputStream compressed(OutputStream out, int level) throws IOException {
        if (level == 0) {
            return out;
        }
        return new GZIPOutputStream(out, BUFFER_BYTES) {
            {
                def.setLevel(level == 6 ? Deflater.DEFAULT_COMPRESSION : level);
            }
        };
    }

    /** The last part of a path: what the tree is called. */
    static String name(String text) {
        ContentPath path = ContentPath.parse(text);
        return path.segments().isEmpty()
                ? path.root()
                : path.segments().get(path.segments().size() - 1);
    }

    /** Extracts the tree, or saves the archive. */
    private static final class Format implements TextFormat {
        private final Request request;
        private @Nullable TarExtraction extraction;

        Format(Request request) {
            this.request = request;
            compression(request);
        }

        @Override
        public void value(JsonNode value, Console console) {
            throw new CommandException("unexpected value in a stream of bytes");
        }

        @Override
        public OutputStream bytes(OptionalLong length, Console console) {
            String output = request.text("output", "");
            if (output.isEmpty()) {
                output = request.argument(0).replaceAll("/+$", "").replaceFirst(".*/", "");
            }
            boolean progress = request.flag("progress");
            OutputStream sink = isArchive() ? archive(output, console) : extract(output, console);
            return progress ? CatVerb.counted(sink, new Progress(console, length, System::nanoTime)) : sink;
        }

        private boolean isArchive() {
            return request.flag("archive") || request.flag("compress");
        }

        private OutputStream archive(String output, Console console) {
            String file = output;
            if (request.flag("archive") && !file.endsWith(".tar") && !file.endsWith(".tar.gz")) {
                file += ".tar";
            }
            if (request.flag("compress") && !file.endsWith(".gz")) {
                file += ".gz";
            }
            try {
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(Path.of(file)), BUFFER_BYTES);
                console.println("Saving archive to " + file);
                return out;
            } catch (IOException e) {
                throw CommandException.of(e);
            }
        }

        private OutputStream extract(String output, Console console) {
            console.println("Saving file(s) to " + output);
            extraction = TarExtraction.start(Path.of(output));
            return extraction.sink();
        }

        @Override
        public void end(Console console) {
            if (extraction != null) {
                extraction.finish();
            }
        }

        @Override
        public void failed(Console console) {
            if (extraction != null) {
                extraction.abandon();
            }
        }
    }
}
