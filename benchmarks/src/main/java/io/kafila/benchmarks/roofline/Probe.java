package io.kafila.benchmarks.roofline;

import java.io.IOException;
import java.util.Map;

/**
 * One or two stages at work, which belong together as sealing and opening do. Confined to the thread that measures;
 * closing it frees what it took.
 */
interface Probe extends AutoCloseable {
    /**
     * Lets about {@code bytes} pass and answers what each stage took; the first rounds, which compile and touch, are not
     * counted.
     */
    Map<Stage, Sample> round(long bytes) throws IOException;

    /** Who does the work, where that is a choice; else the empty text. */
    default String provider() {
        return "";
    }

    @Override
    default void close() throws IOException {}
}
