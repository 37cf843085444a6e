package io.kafila.dag.unixfs;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** One thing to import. Immutable. */
public sealed interface ImportEntry {

    /** What an entry is. */
    enum Kind {
        FILE,
        DIRECTORY,
        SYMLINK
    }

    /** Names with slashes between, none before or after; the first is that of the topmost entry. A lone file may have none. */
    String path();

    Kind kind();

    /** The permission bits, at most 07777; stored where the options ask for it. */
    OptionalInt mode();

    /** The time of the last change; stored where the options ask for it. */
    Optional<Instant> mtime();

    /** The bytes of a file. The importer opens it once, reads to its end, in one thread, and closes the channel. */
    @FunctionalInterface
    interface Content {
        ReadableByteChannel open() throws IOException;
    }

    /**
     * A regular file.
     *
     * @param sizeHint its length if known, which only helps
     * @param location where the same bytes lie on disk; imports without a copy need it
     */
    record File(
            String path,
            Content content,
            OptionalLong sizeHint,
            Optional<DiskLocation> location,
            OptionalInt mode,
            Optional<Instant> mtime)
            implements ImportEntry {
        /** A file without permissions, time or place on disk. */
        public static File of(String path, Content content) {
            return new File(
                    path, content, OptionalLong.empty(), Optional.empty(), OptionalInt.empty(), Optional.empty());
        }

        @Override
        public Kind kind() {
            return Kind.FILE;
        }
    }

    /**
     * Where a file's bytes begin.
     *
     * @param file an absolute path
     */
    record DiskLocation(Path file, long offset) {
        public DiskLocation {
            if (!file.isAbsolute() || offset < 0) {
                throw new IllegalArgumentException(
                        "file location: " + file + " at " + offset + ", want an absolute path and an offset from 0");
            }
        }
    }

    /** A directory; what is in it follows it at once. */
    record Directory(String path, OptionalInt mode, Optional<Instant> mtime) implements ImportEntry {
        @Override
        public Kind kind() {
            return Kind.DIRECTORY;
        }
    }

    /** A symlink, which is stored as its target's text. */
    record Symlink(String path, String target, OptionalInt mode, Optional<Instant> mtime) implements ImportEntry {
        @Override
        public Kind kind() {
            return Kind.SYMLINK;
        }
    }
}
