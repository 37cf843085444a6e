package io.kafila.benchmarks.scenario;

/** Told what happens while it happens. */
public interface Progress {
    /** One line for people. */
    void say(String line);

    /** Tells nobody. */
    Progress SILENT = line -> {};
}
