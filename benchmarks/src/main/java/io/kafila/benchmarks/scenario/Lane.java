package io.kafila.benchmarks.scenario;

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

    /** A lane of a name and a body. */
    static Lane of(String name, Body body) {
        return of(name, false, body);
    }

    /** A lane that moves what lies on the disk only. */
    static Lane fromDisk(String name, Body body) {
        return of(name, true, body);
    }

    private static Lane of(String name, boolean fromDisk, Body body) {
        return new Lane() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public boolean fromDisk() {
                return fromDisk;
            }

            @Override
            public void run(Repetition repetition) throws Exception {
                body.run(repetition);
            }
        };
    }

    /** What a lane does. */
    interface Body {
        void run(Repetition repetition) throws Exception;
    }
}
