package io.kafila.dag.unixfs;

import io.kafila.multiformats.Cid;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One file, directory or symlink that was imported.
 *
 * @param path as in its entry; empty for a wrapping directory; the Cid for a file without a name
 * @param sizeBytes the bytes of all blocks of its graph, repeated ones counted again (the Tsize of a link to it)
 * @param fileBytes the bytes of the file, or of all files below the directory; 0 for a symlink
 * @param mode what was stored of the entry's permission bits
 * @param mtime what was stored of the entry's time
 */
public record Imported(
        String path,
        ImportEntry.Kind kind,
        Cid cid,
        long sizeBytes,
        long fileBytes,
        OptionalInt mode,
        Optional<Instant> mtime) {}
