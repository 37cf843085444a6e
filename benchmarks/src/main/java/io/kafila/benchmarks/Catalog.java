package io.kafila.benchmarks;

import io.kafila.benchmarks.content.ContentSpec;
import io.kafila.benchmarks.peer.Lineup;
import io.kafila.benchmarks.scenario.Imports;
import io.kafila.benchmarks.scenario.Scenario;
import io.kafila.benchmarks.scenario.Setup;
import io.kafila.benchmarks.scenario.Transfers;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The scenarios that a user can name. */
final class Catalog {
    /** A scenario by name: what it is, and how to make it for some options. */
    record Entry(String about, Maker maker) {}

    /** Makes a scenario. */
    interface Maker {
        Scenario make(String name, BenchOptions options, Lineup lineup);
    }

    private static final long GIB = 1L << 30;
    private static final int SMALL_FILES = 10_000;
    private static final long SMALL_BYTES = 10 << 10;

    private Catalog() {}

    static Map<String, Entry> entries() {
        Map<String, Entry> all = new TreeMap<>();
        all.put("transfer", new Entry("one file from one peer to another", (name, options, lineup) ->
                Transfers.oneToOne(name, "Transfer of one file, one to one", file(options, GIB), setup(options), lineup)));
        all.put("transfer-small", new Entry("10,000 files of 10 KiB from one peer to another", (name, options, lineup) ->
                Transfers.oneToOne(name, "Transfer of many small files", small(), setup(options), lineup)));
        all.put("import", new Entry("one file is added", (name, options, lineup) ->
                Imports.imports(name, "Import of one file", file(options, 4 * GIB), setup(options), lineup)));
        all.put("import-nocopy", new Entry("one file is added where it lies", (name, options, lineup) ->
                Imports.noCopy(name, "Import without a copy", file(options, 4 * GIB), setup(options), lineup)));
        all.put("import-small", new Entry("10,000 files of 10 KiB are added", (name, options, lineup) ->
                Imports.imports(name, "Import of many small files", small(), setup(options), lineup)));
        return all;
    }

    private static ContentSpec file(BenchOptions options, long usual) {
        return ContentSpec.file(options.sizeBytes().orElse(usual));
    }

    private static ContentSpec small() {
        return ContentSpec.folder(SMALL_FILES, SMALL_BYTES);
    }

    private static Setup setup(BenchOptions options) {
        return new Setup(options.peerOptions(), options.link());
    }

    static List<String> names() {
        return List.copyOf(entries().keySet());
    }
}
