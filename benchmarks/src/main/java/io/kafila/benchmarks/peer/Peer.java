package io.kafila.benchmarks.peer;

import java.nio.file.Path;
import java.util.Set;

/**
 * A competitor that runs: it takes content in, and fetches what another of its kind has. Used by one thread at a time,
 * except for {@link #pids} and {@link #close}. Every call blocks until the work is done. Closing it ends its processes.
 */
public interface Peer extends AutoCloseable {
    /** What a report calls it, such as {@code kubo-pebble}. */
    String name();

    /** The processes whose cost is its own. Empty for a tool that runs only while it fetches. */
    Set<Long> pids();

    boolean alive();

    /** Takes a file or a folder in and answers by what name another peer fetches it. */
    String hold(Path content);

    /** What {@link #connect} of another peer needs. */
    String address();

    void connect(String address);

    /**
     * Ends the connection to a peer, where there still is one, so that another lane's fetch does not have it as a source, too.
     * A peer without connections that last has nothing to do.
     */
    default void disconnect(String address) {}

    /** Whether {@link #fetch} runs a command that ends with it, whose cost is the receiver's. */
    default boolean fetchesByCommand() {
        return false;
    }

    /** Fetches all of what a name stands for; it is verified when this returns, and durable as far as this peer makes it so. */
    void fetch(String root);

    /**
     * The SHA-256 of what a name stands for, as {@link io.kafila.benchmarks.content.Digests} computes it, read back from
     * here.
     *
     * @param scratch a path that does not exist, for what is written on the way
     */
    String digest(String root, Path scratch);

    /** Gives up the content and the disk space it took. */
    void forget(String root);

    /** Ends the processes. Idempotent. */
    @Override
    void close();
}
