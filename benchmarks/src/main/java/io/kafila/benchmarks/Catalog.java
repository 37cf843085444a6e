package io.kafila.benchmarks;

import io.kafila.benchmarks.content.ContentSpec;
import io.kafila.benchmarks.link.LinkOptions;
import io.kafila.benchmarks.peer.Lineup;
import io.kafila.benchmarks.peer.PeerOptions;
import io.kafila.benchmarks.scenario.Beginnings;
import io.kafila.benchmarks.scenario.Imports;
import io.kafila.benchmarks.scenario.Reads;
import io.kafila.benchmarks.scenario.Scenario;
import io.kafila.benchmarks.scenario.Setup;
import io.kafila.benchmarks.scenario.Sources;
import io.kafila.benchmarks.scenario.Transfers;
import io.kafila.benchmarks.scenario.Transfers.Holding;
import io.kafila.benchmarks.scenario.Transfers.Pairs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The scenarios that a user can name. */
final class Catalog {
    /**
     * What a name stands for.
     *
     * @param about one line for people
     * @param linkable whether {@code --link} applies
     * @param maker makes its scenarios for what the user asked for
     */
    record Entry(String about, boolean linkable, Maker maker) {}

    /** Makes the scenarios of a name. */
    interface Maker {
        List<Scenario> make(BenchOptions options, Lineup lineup);
    }

    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final int SEVERAL = 4;
    private static final List<Integer> WIDTHS = List.of(1, 4, 16, 64);

    private Catalog() {}

    static Map<String, Entry> entries() {
        Map<String, Entry> all = new LinkedHashMap<>();
        transfers(all);
        links(all);
        imports(all);
        add(
                all,
                "read",
                "a stored file is read in order",
                (name, options, lineup) -> Reads.sequential(
                        name, "Sequential read of a stored file", file(options, 4 * GIB), setup(options), lineup));
        add(
                all,
                "read-random",
                "a stored file is read in pieces of 1 MiB at random places",
                (name, options, lineup) ->
                        Reads.random(name, "Random reads of 1 MiB", file(options, GIB), setup(options), lineup));
        return all;
    }

    private static void transfers(Map<String, Entry> all) {
        linkable(
                all,
                "transfer",
                "one file from one peer to another, Kafila and Kubo also mixed",
                (name, options, lineup) -> Transfers.oneToOne(
                        name,
                        "Transfer of one file",
                        file(options, GIB),
                        setup(options),
                        lineup,
                        Pairs.MIXED,
                        holding(options)));
        linkable(
                all,
                "transfer-noise",
                "the same over Noise, not mixed",
                (name, options, lineup) -> Transfers.oneToOne(
                        name,
                        "Transfer of one file over Noise",
                        file(options, GIB),
                        new Setup(options.peerOptions().withSecurity("noise"), options.link()),
                        daemons(lineup),
                        Pairs.SAME,
                        holding(options)));
        linkable(
                all,
                "transfer-legacy",
                "the same in blocks of 256 KiB",
                (name, options, lineup) -> Transfers.oneToOne(
                        name,
                        "Transfer of one file in blocks of 256 KiB",
                        file(options, GIB),
                        new Setup(options.peerOptions().withProfile(PeerOptions.LEGACY_PROFILE), options.link()),
                        daemons(lineup),
                        Pairs.MIXED,
                        holding(options)));
        linkable(
                all,
                "transfer-small",
                "10,000 files of 10 KiB from one peer to another",
                (name, options, lineup) -> Transfers.oneToOne(
                        name,
                        "Transfer of many small files",
                        small(options),
                        setup(options),
                        rsync(lineup),
                        Pairs.SAME,
                        Holding.IN_MEMORY));
        linkable(
                all,
                "one-to-many",
                "one source, four receivers at once",
                (name, options, lineup) -> Transfers.oneToMany(
                        name, "Transfer from one to four", file(options, GIB / 2), setup(options), lineup, SEVERAL));
        linkable(
                all,
                "many-to-one",
                "four sources, one receiver",
                (name, options, lineup) -> Transfers.manyToOne(
                        name, "Transfer from four to one", file(options, GIB), setup(options), lineup, SEVERAL));
        linkable(
                all,
                "concurrent",
                "64 files, 1, 4, 16 and 64 at once",
                (name, options, lineup) -> Transfers.concurrent(
                        name,
                        "64 files, some at once",
                        ContentSpec.folder(64, options.sizeBytes().orElse(GIB) / 64),
                        setup(options),
                        lineup,
                        WIDTHS));
        linkable(
                all,
                "cold",
                "connect and fetch, from an address and a Cid",
                (name, options, lineup) ->
                        Transfers.cold(name, "Cold fetch by Cid", file(options, 256 * MIB), setup(options), lineup));
        linkable(
                all,
                "first-tensor",
                "time to the first byte and to the first tensor",
                (name, options, lineup) -> Beginnings.firstTensor(
                        name,
                        "First byte and first tensor",
                        ContentSpec.tensors(options.sizeBytes().orElse(256 * MIB)),
                        setup(options),
                        lineup));
        all.put(
                "sweep",
                new Entry(
                        "the transfer in every size of --sizes, from the source's disk",
                        true,
                        (options, lineup) -> options.sweepBytes().stream()
                                .map(bytes -> Transfers.ofAnySize(
                                        "sweep-" + Sizes.format(bytes).replace(" ", ""),
                                        "Transfer of " + Sizes.format(bytes) + " from the disk",
                                        ContentSpec.file(bytes),
                                        setup(options),
                                        lineup.kafila()))
                                .toList()));
    }

    /** Transfers over links that are part of the scenario. */
    private static void links(Map<String, Entry> all) {
        far(all, "far-10ms", "transfer at 10 ms and 1 Gbit/s", "rtt:10ms,rate:1gbit", GIB / 2);
        far(all, "far-50ms", "transfer at 50 ms and 1 Gbit/s", "rtt:50ms,rate:1gbit", GIB / 2);
        far(all, "far-100ms", "transfer at 100 ms and 1 Gbit/s", "rtt:100ms,rate:1gbit", GIB);
        far(
                all,
                "far-untuned",
                "the same with the buffers of TCP as this machine has them",
                "rtt:100ms,rate:1gbit,buffers:default",
                GIB / 4);
        far(
                all,
                "far-lossy",
                "transfer at 100 ms, 1 Gbit/s and a loss of 0.1 %",
                "rtt:100ms,rate:1gbit,loss:0.1%",
                GIB / 4);
        far(all, "far-10gbit", "transfer at 10 ms and 10 Gbit/s", "rtt:10ms,rate:10gbit", GIB);
        add(
                all,
                "far-first-tensor",
                "time to the first byte and to the first tensor at 100 ms",
                (name, options, lineup) -> Beginnings.firstTensor(
                        name,
                        "First byte and first tensor at 100 ms",
                        ContentSpec.tensors(options.sizeBytes().orElse(64 * MIB)),
                        new Setup(options.peerOptions(), Optional.of(seeded("rtt:100ms,rate:1gbit", options))),
                        oneKubo(lineup)));
        linkable(
                all,
                "sources",
                "four sources behind 100 Mbit/s each, one source, and three with a slow or a dead one",
                (name, options, lineup) -> {
                    LinkOptions link = options.link().orElseGet(() -> seeded("rtt:20ms,rate:100mbit", options));
                    return Sources.shaped(
                            name,
                            "One, three and four sources, each behind a link of its own",
                            file(options, GIB / 4),
                            new Setup(options.peerOptions(), Optional.of(link)),
                            link,
                            oneKubo(lineup));
                });
    }

    /** A transfer over a link of its own. The network is what limits it, so that one of Kubo's datastores is enough. */
    private static void far(Map<String, Entry> all, String name, String about, String link, long usual) {
        add(
                all,
                name,
                about,
                (key, options, lineup) -> Transfers.oneToOne(
                        key,
                        about.substring(0, 1).toUpperCase(Locale.ROOT) + about.substring(1),
                        file(options, usual),
                        new Setup(options.peerOptions(), Optional.of(seeded(link, options))),
                        oneKubo(lineup),
                        Pairs.SAME,
                        Holding.IN_MEMORY));
    }

    private static LinkOptions seeded(String words, BenchOptions options) {
        return LinkOptions.parse(words).withSeed(options.seed());
    }

    private static void imports(Map<String, Entry> all) {
        add(
                all,
                "import",
                "one file is added while the daemon runs",
                (name, options, lineup) ->
                        Imports.imports(name, "Import of one file", file(options, 4 * GIB), setup(options), lineup));
        add(
                all,
                "import-nocopy",
                "one file is added where it lies, beside hashing alone",
                (name, options, lineup) ->
                        Imports.noCopy(name, "Import without a copy", file(options, 4 * GIB), setup(options), lineup));
        add(
                all,
                "import-offline",
                "one file is added without a daemon",
                (name, options, lineup) -> Imports.withoutDaemon(
                        name, "Import without a daemon", file(options, GIB), setup(options), lineup));
        add(
                all,
                "import-small",
                "10,000 files of 10 KiB are added",
                (name, options, lineup) ->
                        Imports.imports(name, "Import of many small files", small(options), setup(options), lineup));
    }

    /** Makes one scenario of a name. */
    private interface Single {
        Scenario make(String name, BenchOptions options, Lineup lineup);
    }

    /** A scenario of one machine. */
    private static void add(Map<String, Entry> all, String name, String about, Single single) {
        all.put(name, new Entry(about, false, (options, lineup) -> List.of(single.make(name, options, lineup))));
    }

    /** A scenario between peers, over the link that the user names. */
    private static void linkable(Map<String, Entry> all, String name, String about, Single single) {
        all.put(name, new Entry(about, true, (options, lineup) -> List.of(single.make(name, options, lineup))));
    }

    private static ContentSpec file(BenchOptions options, long usual) {
        return ContentSpec.file(options.sizeBytes().orElse(usual));
    }

    /** The second source of the lane from the disk has no link of its own. */
    private static Holding holding(BenchOptions options) {
        return options.link().isPresent() ? Holding.IN_MEMORY : Holding.ALSO_ON_DISK;
    }

    private static ContentSpec small(BenchOptions options) {
        return ContentSpec.folder(options.fileCount(), options.fileBytes());
    }

    private static Setup setup(BenchOptions options) {
        return new Setup(options.peerOptions(), options.link());
    }

    private static Lineup daemons(Lineup lineup) {
        return new Lineup(lineup.kafila(), lineup.kubo(), List.of(), lineup.absent());
    }

    private static Lineup oneKubo(Lineup lineup) {
        return new Lineup(lineup.kafila(), lineup.kubo().stream().limit(1).toList(), lineup.others(), lineup.absent());
    }

    /** Of the plain tools, the one that copies folders. */
    private static Lineup rsync(Lineup lineup) {
        return new Lineup(
                lineup.kafila(), lineup.kubo(), lineup.other("rsync").stream().toList(), lineup.absent());
    }
}
