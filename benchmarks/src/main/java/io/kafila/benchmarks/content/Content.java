package io.kafila.benchmarks.content;

import java.nio.file.Path;

/**
 * A file or a folder to move.
 *
 * @param path where it lies
 * @param bytes how much content
 * @param files in how many files
 * @param sha256 its digest, as {@link Digests} computes it
 */
public record Content(Path path, long bytes, int files, String sha256) implements AutoCloseable {
    /** Deletes it. */
    @Override
    public void close() {
        Folders.delete(path);
    }
}
