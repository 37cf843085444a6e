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

    /** A competitor by name. */
    static Competitor of(String name, Starter starter) {
        return new Competitor() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Peer start(Path folder, Site site, PeerOptions options) {
                return starter.start(folder, site, options);
            }
        };
    }

    /** What {@link #start} does. */
    interface Starter {
        Peer start(Path folder, Site site, PeerOptions options);
    }
}
