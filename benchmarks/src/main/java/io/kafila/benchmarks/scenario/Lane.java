package io.kafila.benchmarks.scenario;

import java.util.Set;

/** One competitor, or pair of them, in a scenario. */
public interface Lane {
    /** What a report calls it, such as {@code kafila>kubo-pebble}. */
    String name();

    /**
     * Does one repetition: prepares, times what counts by {@link Repetition#timed}, checks what came out, and gives up
     * what only this lane holds.
     *
     * @throws Exception where it fails, which ends this lane's part of the repetition only
     */
    void run(Repetition repetition) throws Exception;

    /** Whether what it moves comes from the disk, and not from the page cache as in every other lane. */
    default boolean fromDisk() {
        return false;
    }

    /** Of the ends of the scenario's links those that send in this lane; none for all. */
    default Set<String> senders() {
        return Set.of();
    }

    /** A lane of a name and a body. */
    static Lane of(String name, Body body) {
        return new Plain(name, false, Set.of(), body);
    }

    /** A lane that moves what lies on the disk only. */
    static Lane fromDisk(String name, Body body) {
        return new Plain(name, true, Set.of(), body);
    }

    /** A lane in which some of the ends of the scenario's links send. */
    static Lane from(Set<String> senders, String name, Body body) {
        return new Plain(name, false, senders, body);
    }

    /** A lane of parts. */
    record Plain(String name, boolean fromDisk, Set<String> senders, Body body) implements Lane {
        @Override
        public void run(Repetition repetition) throws Exception {
            body.run(repetition);
        }
    }

    /** What a lane does. */
    interface Body {
        void run(Repetition repetition) throws Exception;
    }
}
