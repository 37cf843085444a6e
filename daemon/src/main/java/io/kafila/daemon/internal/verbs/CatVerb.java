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
import io.kafila.dag.unixfs.Unixfs;
import io.kafila.dag.unixfs.UnixfsFile;
import io.kafila.dag.unixfs.UnixfsStat;
import io.kafila.multiformats.Cid;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** {@code cat}: the bytes of files. */
final class CatVerb {
    private CatVerb() {}

    static Command command() {
        return Command.named("cat", "Write the content of files to standard output.")
                .description("""
                        Fetches what is not here yet, ahead of the reader, so that several peers can send at once.

                          > kafila cat bafybeig.../model.safetensors > model.safetensors
                          > kafila cat -o 1024 -l 16 bafybeig...        # 16 bytes from offset 1024""")
                .takes(Argument.text("ipfs-path", "File to write: a CID, or a path such as <cid>/config.json.")
                        .many()
                        .orStdin())
                .options(
                        Option.integer64("Bytes to skip at the start. Default: 0.", "offset", "o"),
                        Option.integer64("Most bytes to write. Default: all.", "length", "l"),
                        Option.flag(
                                "Show how far it is, on standard error. On where that is a terminal;"
                                        + " --progress=false turns it off.",
                                "progress",
                                "p"))
                .drawsProgress()
                .does(CatVerb::cat)
                .terminal(request -> new Format(request.flag("progress")))
                .build();
    }

    /** A part of what is written: bytes of a file, or of the target of a symlink. */
    private record Piece(Content content, long offset, long length) {}

    /** What one path leads to. */
    private sealed interface Content {
        long sizeBytes();

        record File(UnixfsFile file) implements Content {
            @Override
            public long sizeBytes() {
                return file.sizeBytes();
            }
        }

        record Symlink(ByteBuffer target) implements Content {
            @Override
            public long sizeBytes() {
                return target.remaining();
            }
        }
    }

    private static void cat(Request request, Emitter emitter, Environment environment) throws Exception {
        long offset = request.number("offset", 0);
        long length = request.number("length", Long.MAX_VALUE);
        if (offset < 0) {
            throw new CommandException("cannot specify negative offset");
        }
        if (length < 0) {
            throw new CommandException("cannot specify negative length");
        }
        List<Piece> pieces = new ArrayList<>();
        try (View view = View.of(request, environment)) {
            long total = 0;
            for (String path : request.allArguments()) {
                if (total == length) {
                    break;
                }
                Content content = open(view, path);
                long skipped = Math.min(offset, content.sizeBytes());
                long wanted = Math.min(content.sizeBytes() - skipped, length - total);
                offset -= skipped;
                total += wanted;
                pieces.add(new Piece(content, skipped, wanted));
            }
            emitter.length(total);
            try (OutputStream out = emitter.bytes()) {
                for (Piece piece : pieces) {
                    write(piece, out);
                }
            }
        } finally {
            pieces.forEach(piece -> {
                if (piece.content instanceof Content.File file) {
                    file.file.close();
                }
            });
        }
    }

    private static Content open(View view, String path) throws InterruptedException {
        Cid cid = view.unixfs(path);
        UnixfsStat stat = Request.await(Unixfs.stat(view.source(), cid));
        if (stat.type().isDirectory()) {
            throw new CommandException("this dag node is a directory");
        }
        if (stat.target().isPresent()) {
            return new Content.Symlink(
                    StandardCharsets.UTF_8.encode(stat.target().get()));
        }
        return new Content.File(Request.await(UnixfsFile.open(view.source(), cid)));
    }

    private static void write(Piece piece, OutputStream out) throws Exception {
        if (piece.length == 0) {
            return;
        }
        if (piece.content instanceof Content.Symlink link) {
            byte[] part = new byte[(int) piece.length];
            link.target.get((int) piece.offset, part);
            out.write(part);
        } else if (piece.content instanceof Content.File file) {
            Pulls.forEach(file.file.read(piece.offset, piece.length), payload -> {
                View.write(payload, out);
                out.flush();
            });
        }
    }

    /** Bytes to standard output, with progress for long ones. */
    static final class Format implements TextFormat {
        /** Below it nothing is drawn: it is over too soon. */
        private static final long MIN_BYTES = 8 * 1024 * 1024;

        private final boolean progress;

        Format(boolean progress) {
            this.progress = progress;
        }

        @Override
        public void value(JsonNode value, Console console) {
            throw new CommandException("unexpected value in a stream of bytes");
        }

        @Override
        public OutputStream bytes(OptionalLong length, Console console) {
            return progress && length.orElse(MIN_BYTES) >= MIN_BYTES
                    ? counted(console.rawOut(), new Progress(console, length, System::nanoTime))
                    : console.rawOut();
        }
    }

    /** A stream that tells how many bytes went through it. */
    static OutputStream counted(OutputStream out, Progress progress) {
        return new FilterOutputStream(out) {
            private long count;

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                out.write(bytes, from, length);
                count += length;
                progress.at(count);
            }

            @Override
            public void close() throws IOException {
                progress.clear();
                super.close();
            }
        };
    }
}
