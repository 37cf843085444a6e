package io.kafila.dag.unixfs;

import io.kafila.multiformats.Cid;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One file, directory or symlink of a tree, on its way out. Its path is safe to append to a folder: no part of it is
 * empty, {@code .}, {@code ..}, or holds a slash or a NUL. A symlink's target is a stranger's word and is not.
 *
 * @param path from the root of the walk, with slashes between; empty for the root itself
 * @param file what to read where it is a file, which the consumer closes
 * @param target where it points where it is a symlink
 */
public record TreeEntry(
        String path,
        ImportEntry.Kind kind,
        Cid cid,
        Optional<UnixfsFile> file,
        Optional<String> target,
        OptionalInt mode,
        Optional<Instant> mtime)
        implements AutoCloseable {
    @Override
    public void close() {
        file.ifPresent(UnixfsFile::close);
    }
}
