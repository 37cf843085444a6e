package io.kafila.dag.unixfs;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletionException;

/** What tests import, and the shortest way to import it. */
final class Inputs {
    /** The time and permissions that files have in the comparison with Kubo. */
    static final Instant MTIME = Instant.ofEpochSecond(1_700_000_000, 123_456_789);

    private Inputs() {}

    /** Bytes that depend on the seed alone: the digests of {@code seed:0}, {@code seed:1} ... */
    static byte[] stream(String seed, int size) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            ByteBuffer out = ByteBuffer.allocate((size + 31) / 32 * 32);
            for (int i = 0; out.hasRemaining(); i++) {
                out.put(sha256.digest((seed + ":" + i).getBytes(StandardCharsets.UTF_8)));
            }
            return Arrays.copyOf(out.array(), size);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    static ImportEntry.Content content(byte[] bytes) {
        return () -> Channels.newChannel(new ByteArrayInputStream(bytes));
    }

    /** A channel that gives a few bytes at a time, as many as chance says. */
    static ImportEntry.Content crumbs(byte[] bytes, Random random) {
        return () -> new ReadableByteChannel() {
            private final ByteBuffer left = ByteBuffer.wrap(bytes);

            @Override
            public int read(ByteBuffer target) {
                if (!left.hasRemaining()) {
                    return -1;
                }
                int length = Math.min(1 + random.nextInt(5000), Math.min(left.remaining(), target.remaining()));
                target.put(left.slice(left.position(), length));
                left.position(left.position() + length);
                return length;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
    }

    static ImportEntry.File file(String path, byte[] bytes) {
        return ImportEntry.File.of(path, content(bytes));
    }

    static ImportEntry.File file(String path, byte[] bytes, int mode, Instant mtime) {
        return new ImportEntry.File(
                path,
                content(bytes),
                OptionalLong.of(bytes.length),
                Optional.empty(),
                OptionalInt.of(mode),
                Optional.of(mtime));
    }

    static ImportEntry.Directory directory(String path) {
        return new ImportEntry.Directory(path, OptionalInt.empty(), Optional.empty());
    }

    static ImportEntry.Symlink symlink(String path, String target) {
        return new ImportEntry.Symlink(path, target, OptionalInt.empty(), Optional.empty());
    }

    /** A directory of small files as the comparison with Kubo makes them. */
    static List<ImportEntry> flat(String name, int count, int length, int size) {
        List<ImportEntry> entries = new ArrayList<>();
        entries.add(directory(name));
        for (int i = 0; i < count; i++) {
            String digits = String.format("%06d", i);
            byte[] bytes = size > 0
                    ? "x".repeat(size).getBytes(StandardCharsets.UTF_8)
                    : Integer.toString(i).getBytes(StandardCharsets.UTF_8);
            entries.add(file(name + "/" + digits + "n".repeat(Math.max(0, length - digits.length())), bytes));
        }
        return entries;
    }

    /** Imports in the calling thread; answers what the listener heard. */
    static List<Imported> add(TestRepository store, ImportOptions options, List<? extends ImportEntry> entries) {
        try (Importer importer = new Importer(store.repository(), Runnable::run, ImportBudget.DEFAULT)) {
            return add(importer, options, entries);
        }
    }

    static List<Imported> add(Importer importer, ImportOptions options, List<? extends ImportEntry> entries) {
        List<Imported> heard = new ArrayList<>();
        ImportListener listener = new ImportListener() {
            @Override
            public void imported(Imported imported) {
                heard.add(imported);
            }
        };
        try {
            List<Imported> roots = importer.run(ImportSource.of(List.copyOf(entries)), options, listener)
                    .join();
            if (!roots.get(roots.size() - 1).equals(heard.get(heard.size() - 1))) {
                throw new AssertionError("last root " + roots + ", last heard of " + heard);
            }
            return heard;
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    static Imported addFile(TestRepository store, ImportOptions options, byte[] bytes) {
        return add(store, options, List.of(file("f", bytes))).get(0);
    }
}
