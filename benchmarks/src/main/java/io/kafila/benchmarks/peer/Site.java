package io.kafila.benchmarks.peer;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the process of a peer runs.
 *
 * @param name what a report calls it
 * @param prefix words put before every command that runs there, such as those that enter a network namespace. What they
 *     start must take the place of the process that ran them, so that its id and its signals stay the same
 * @param swarmHost the IPv4 address on which peers listen for each other
 * @param apiHost the IPv4 address on which they listen for the harness
 */
public record Site(String name, List<String> prefix, String swarmHost, String apiHost) {
    /** This machine's loopback. */
    public static final Site LOCAL = new Site("local", List.of(), "127.0.0.1", "127.0.0.1");

    public Site {
        prefix = List.copyOf(prefix);
    }

    /** The words of a command, so that it runs here. */
    public List<String> command(List<String> words) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(words);
        return List.copyOf(all);
    }
}
