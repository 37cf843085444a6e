package io.kafila.benchmarks.scenario;

import io.kafila.benchmarks.peer.Competitor;
import io.kafila.benchmarks.peer.Daemon;
import io.kafila.benchmarks.peer.Peer;
import java.util.HashSet;
import java.util.Set;

/**
 * Has peers read what they hold before a clock starts, so that it lies in the page cache. What Kubo has just added lies there
 * since it was written; what Kafila has written past the cache lies there once it has been read often enough. Confined to the thread
 * of the scenario.
 */
final class Warmth {
    /** After as many readings of all of it a file is in the page cache, whatever a peer reads past it at first. */
    private static final int READINGS = 2;

    private record Holding(Peer peer, String root) {}

    private final Set<Holding> warm = new HashSet<>();

    /** Has a peer take in the content of a repetition and read it; answers by what name others fetch it. */
    String held(Repetition repetition, Competitor competitor, String role) {
        String root = repetition.fleet().hold(competitor, role, repetition.content());
        Peer peer = repetition.fleet().peer(competitor, role);
        if (peer instanceof Daemon) {
            // Of the plain tools it is the file itself that is in memory.
            ensure(repetition, peer, root);
        }
        return root;
    }

    /** Reads content where it is held, unless that was done before; other bytes than the content's are a failure. */
    void ensure(Repetition repetition, Peer peer, String root) {
        if (warm.add(new Holding(peer, root))) {
            for (int reading = 0; reading < READINGS; reading++) {
                repetition.check(peer.digest(root, repetition.scratch()));
            }
        }
    }
}
