package io.kafila.daemon.internal.rpc;

import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.OfferedFiles;
import io.kafila.dag.unixfs.ImportEntry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A body of type {@code multipart/form-data} as Kubo's clients send it: one part per file, directory ({@code
 * application/x-directory}) or link ({@code application/symlink}), paths in {@code filename}, percent-encoded; {@code
 * Abspath} raw or {@code Abspath-Encoded}; mode and mtime as a query behind the form name.
 *
 * <p>Directories that no part names are told of before what is in them. Nothing is held but the names of the present
 * path, the headers of one part, and one buffer.
 *
 * <p>A part may have a header {@value #OFFER} in place of bytes: a file that this process is asked to read itself.
 */
final class MultipartUpload implements OfferedFiles {
    /** The name of the header whose value is a {@link io.kafila.daemon.internal.local.FileOffer}. */
    static final String OFFER = "kafila-file-offer";

    /** The longest target of a link, in bytes. */
    static final int MAX_TARGET_BYTES = 64 * 1024;
    /** The deepest path. */
    static final int MAX_DEPTH = 1024;

    private final MultipartReader reader;
    private final InputStream body;
    private final Deque<ImportEntry> ready = new ArrayDeque<>();
    private final Function<String, Optional<FileChannel>> taker;
    private @Nullable Consumer<Boolean> client;
    /** The directories that were told of around the latest entry, outermost first. */
    private List<String> inside = List.of();

    /** @param taker opens an offered file; empty where it is not to be read here */
    MultipartUpload(
            InputStream body, String boundary, int partHeaderBytes, Function<String, Optional<FileChannel>> taker) {
        this.body = body;
        this.taker = taker;
        this.reader = new MultipartReader(body, boundary, partHeaderBytes);
    }

    @Override
    public @Nullable ImportEntry next() throws IOException {
        while (ready.isEmpty()) {
            MultipartReader.Part part = reader.next();
            if (part == null) {
                return null;
            }
            enter(entry(part));
        }
        return ready.poll();
    }

    /** Queues the directories above an entry that were not told of, and the entry unless it was told of. */
    private void enter(ImportEntry entry) {
        List<String> names =
                entry.path().isEmpty() ? List.of() : List.of(entry.path().split("/", -1));
        if (names.size() > MAX_DEPTH) {
            throw CommandException.client("path of " + names.size() + " names in upload, want at most " + MAX_DEPTH);
        }
        boolean directory = entry.kind() == ImportEntry.Kind.DIRECTORY;
        int depth = directory ? names.size() : names.size() - 1;
        int known = 0;
        while (known < Math.min(depth, inside.size()) && inside.get(known).equals(names.get(known))) {
            known++;
        }
        for (int i = known; i < names.size() - 1; i++) {
            ready.add(new ImportEntry.Directory(
                    String.join("/", names.subList(0, i + 1)), OptionalInt.empty(), Optional.empty()));
        }
        if (!directory || known < depth) {
            ready.add(entry);
        }
        inside = List.copyOf(names.subList(0, Math.max(0, depth)));
    }

    @Override
    public void answer(Consumer<Boolean> asking) {
        client = asking;
    }

    private ReadableByteChannel content(MultipartReader.Part part) {
        String offer = part.headers().get(OFFER);
        Consumer<Boolean> asking = client;
        if (offer == null || asking == null) {
            return part.content();
        }
        Optional<FileChannel> taken = taker.apply(offer);
        asking.accept(taken.isPresent());
        return taken.isPresent() ? taken.get() : part.content();
    }

    private ImportEntry entry(MultipartReader.Part part) throws IOException {
        Map<String, String> headers = part.headers();
        Map<String, String> disposition = HeaderParameters.parse(headers.getOrDefault("content-disposition", ""));
        String type =
                HeaderParameters.value(headers.getOrDefault("content-type", "")).toLowerCase(Locale.ROOT);
        String path = clean(decode(disposition.getOrDefault("filename", "")));
        Map<String, String> attributes = attributes(disposition.getOrDefault("name", ""));
        OptionalInt mode = mode(attributes);
        Optional<Instant> mtime = mtime(attributes);
        return switch (type) {
            case "application/x-directory", "multipart/form-data" -> new ImportEntry.Directory(path, mode, mtime);
            case "application/symlink" -> new ImportEntry.Symlink(path, target(part.content()), mode, mtime);
            default ->
                new ImportEntry.File(path, () -> content(part), OptionalLong.empty(), location(headers), mode, mtime);
        };
    }

    private static Optional<ImportEntry.DiskLocation> location(Map<String, String> headers) {
        String encoded = headers.getOrDefault("abspath-encoded", "");
        String absolute = encoded.isEmpty() ? headers.getOrDefault("abspath", "") : decode(encoded);
        try {
            return absolute.startsWith("/")
                    ? Optional.of(new ImportEntry.DiskLocation(Path.of(absolute), 0))
                    : Optional.empty();
        } catch (InvalidPathException e) {
            throw CommandException.client("path \"" + absolute + "\" in upload: " + e.getReason());
        }
    }

    private static String target(InputStream content) throws IOException {
        byte[] bytes = content.readNBytes(MAX_TARGET_BYTES + 1);
        if (bytes.length > MAX_TARGET_BYTES) {
            throw CommandException.client("target of a link of more than " + MAX_TARGET_BYTES + " bytes");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static Map<String, String> attributes(String formName) {
        Map<String, String> attributes = new HashMap<>();
        int question = formName.indexOf('?');
        if (question >= 0) {
            for (String pair : formName.substring(question + 1).split("&", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    attributes.put(pair.substring(0, equals), decode(pair.substring(equals + 1)));
                }
            }
        }
        return attributes;
    }

    private static OptionalInt mode(Map<String, String> attributes) {
        String text = attributes.get("mode");
        if (text == null) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of((int) (Long.parseLong(text, 8) & 07777));
        } catch (NumberFormatException e) {
            throw CommandException.client("mode \"" + text + "\" in upload, want an octal number");
        }
    }

    private static Optional<Instant> mtime(Map<String, String> attributes) {
        String seconds = attributes.get("mtime");
        if (seconds == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.ofEpochSecond(
                    Long.parseLong(seconds), Long.parseLong(attributes.getOrDefault("mtime-nsecs", "0"))));
        } catch (NumberFormatException | ArithmeticException | DateTimeException e) {
            throw CommandException.client("mtime \"" + seconds + "\" in upload, want seconds since 1970");
        }
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    /** Takes out empty names, {@code .} and {@code ..}; a path cannot leave its root. */
    static String clean(String path) {
        List<String> names = new ArrayList<>();
        for (String name : path.split("/", -1)) {
            if (name.equals("..")) {
                if (!names.isEmpty()) {
                    names.remove(names.size() - 1);
                }
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        return String.join("/", names);
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
