package io.kafila.dag.unixfs;

import io.kafila.multiformats.Cid;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What one Cid is.
 *
 * @param sizeBytes the length of a file, or of a symlink's target; 0 for a directory
 * @param cumulativeSizeBytes the size of the block and of everything below it, as its links tell
 * @param blocks how many links the node has
 * @param target where a symlink points; empty for everything else
 */
public record UnixfsStat(
        Cid cid,
        UnixfsType type,
        long sizeBytes,
        long cumulativeSizeBytes,
        int blocks,
        OptionalInt mode,
        Optional<Instant> mtime,
        Optional<String> target) {}
