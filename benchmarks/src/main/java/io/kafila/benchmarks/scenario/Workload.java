package io.kafila.benchmarks.scenario;

import io.kafila.benchmarks.content.ContentSpec;

/**
 * What one repetition of a scenario moves, as far as a bound on its speed depends on it.
 *
 * @param kind what is done with the bytes
 * @param bytes how many bytes of content
 * @param files in how many files
 * @param blockBytes the size of a full block
 * @param security {@code tls} or {@code noise}; of no meaning where nothing is sent
 */
public record Workload(Kind kind, long bytes, int files, int blockBytes, String security) {
    /** What is done with the bytes. */
    public enum Kind {
        /** A file is hashed and its blocks are stored. */
        IMPORT,
        /** A file is hashed where it lies. */
        IMPORT_NOCOPY,
        /** Stored blocks are read in order. */
        READ_SEQUENTIAL,
        /** Stored blocks are read at random places. */
        READ_RANDOM,
        /** Blocks go from one peer's store to another's. */
        TRANSFER,
        /** The beginning of a file comes from another peer. */
        FIRST_BYTES
    }

    static Workload of(Kind kind, ContentSpec content, Setup setup) {
        return new Workload(
                kind,
                content.bytes(),
                content.files(),
                setup.peers().blockBytes(),
                setup.peers().security());
    }
}
