package io.kafila.dag.unixfs;

import io.kafila.dag.unixfs.internal.PathSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The things to import, one after the other. Confined to the thread of the import; blocking. */
public interface ImportSource extends AutoCloseable {

    /**
     * The next entry, {@code null} after the last. Depth first: what is in a directory follows it before anything else
     * does. A directory that was not announced is made as needed. The content of the last entry is read before the next
     * call.
     */
    @Nullable
    ImportEntry next() throws IOException;

    @Override
    void close() throws IOException;

    /** A file, or a directory with everything in it, in the order of the bytes of the names. */
    static ImportSource ofPath(Path path, PathSourceOptions options) throws IOException {
        return ofPaths(List.of(path), options);
    }

    /** Several of them, each with its own name, as {@code ipfs add} takes them. */
    static ImportSource ofPaths(List<Path> paths, PathSourceOptions options) throws IOException {
        return PathSource.open(paths, options);
    }

    /** Entries that are at hand. */
    static ImportSource of(List<ImportEntry> entries) {
        var iterator = List.copyOf(entries).iterator();
        return new ImportSource() {
            @Override
            public @Nullable ImportEntry next() {
                return iterator.hasNext() ? iterator.next() : null;
            }

            @Override
            public void close() {}
        };
    }
}
