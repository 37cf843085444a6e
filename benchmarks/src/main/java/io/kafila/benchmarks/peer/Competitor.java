package io.kafila.benchmarks.peer;

import java.nio.file.Path;

/** A program that moves files: how to start one. Thread-safe. */
public interface Competitor {
    /** What a report calls it, such as {@code kubo-pebble}. */
    String name();

    /**
     * Starts one.
     *
     * @param folder where it keeps all that is its own; it does not exist yet
     */
    Peer start(Path folder, Site site, PeerOptions options);
}
