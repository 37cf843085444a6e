package io.kafila.dag.unixfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.blockstore.BlockRepository.FileReference;
import io.kafila.blockstore.BlockstoreException;
import io.kafila.multiformats.HashFunction;
import io.kafila.testkit.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImporterTest {
    private static final ImportOptions V0 = ImportOptions.of(ImportProfile.UNIXFS_V0_2015);
    private static final ImportOptions V1 = ImportOptions.defaults();

    /** Buffers of 64 KiB, as few as an import can go on with. */
    private static final ImportBudget TIGHT =
            new ImportBudget(64 * 1024, new ImportBudget(64 * 1024, 1000, 1, 1).promisedBuffers(), 256 * 1024, 100_000);

    private final TestRepository store = new TestRepository();

    private static List<String> told(List<Imported> heard) {
        return heard.stream().map(Imported::path).toList();
    }

    @Test
    void add_tree_toldInKubosOrder() {
        List<Imported> heard = Inputs.add(
                store,
                V1,
                List.of(
                        Inputs.directory("t"),
                        Inputs.directory("t/a"),
                        Inputs.file("t/a/x", new byte[1]),
                        Inputs.directory("t/a/b"),
                        Inputs.file("t/b", new byte[2]),
                        Inputs.symlink("t/c", "b"),
                        Inputs.file("t/d/e/implicit", new byte[3])));

        assertThat(told(heard))
                .containsExactly("t/a/x", "t/b", "t/c", "t/d/e/implicit", "t/a/b", "t/a", "t/d/e", "t/d", "t");
        assertThat(heard.get(8).fileBytes()).isEqualTo(6);
        assertThat(heard.get(8).cid()).hasToString("bafybeid7phmexjvbh5xk5uv7bpxuulhhpqc5wuwxc3udk772h6y4i2nyzm");
    }

    @Test
    void add_severalTopmost_eachIsARoot() {
        try (Importer importer = new Importer(store.repository(), Runnable::run, ImportBudget.DEFAULT)) {
            List<ImportEntry> entries = List.of(
                    Inputs.file("one", new byte[1]),
                    Inputs.directory("two"),
                    Inputs.file("two/x", new byte[1]),
                    Inputs.file("", new byte[4]));

            List<Imported> roots = importer.run(ImportSource.of(entries), V1, ImportListener.NONE)
                    .join();
            assertThat(told(roots))
                    .containsExactly("one", "two", roots.get(2).cid().toString());

            List<Imported> wrapped = importer.run(ImportSource.of(entries), V1.withWrap(true), ImportListener.NONE)
                    .join();
            assertThat(told(wrapped)).containsExactly("");
            assertThat(UnixfsDirectory.lookup(
                                    store.source(),
                                    wrapped.get(0).cid(),
                                    roots.get(2).cid().toString())
                            .join())
                    .contains(roots.get(2).cid());
        }
    }

    @Test
    void add_emptyDirectories_leftOutOnRequest() {
        List<ImportEntry> entries = List.of(
                Inputs.directory("t"), Inputs.directory("t/empty"), Inputs.directory("t/a"), Inputs.directory("t/a/b"));

        assertThat(told(Inputs.add(store, V1, entries))).containsExactly("t/a/b", "t/a", "t/empty", "t");
        assertThat(told(Inputs.add(store, V1.withEmptyDirs(false), entries))).containsExactly("t/a", "t");
    }

    @Test
    void add_badEntries_refused() {
        assertThatThrownBy(() -> Inputs.add(
                        store, V1, List.of(Inputs.file("t/a", new byte[0]), Inputs.file("t/a", new byte[0]))))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("directory \"t\" already has an entry by the name \"a\"");
        assertThatThrownBy(() -> Inputs.add(
                        store,
                        V1,
                        List.of(
                                Inputs.file("t/a/1", new byte[0]),
                                Inputs.file("t/b", new byte[0]),
                                Inputs.file("t/a/2", new byte[0]))))
                .hasMessageContaining("already has an entry by the name \"a\", or was left before it was complete");
        for (String bad : List.of("a//b", "../a", "a/.", "/a", "a\0b", "a/\ud800")) {
            assertThatThrownBy(() -> Inputs.add(store, V1, List.of(Inputs.file(bad, new byte[0]))))
                    .isInstanceOf(ImportException.class)
                    .hasMessageContaining("import: entry");
        }
        assertThatThrownBy(() -> Inputs.add(store, V1, List.of(Inputs.directory(""))))
                .hasMessageContaining("a directory without a name");
        assertThatThrownBy(() -> Inputs.add(store, V1, List.of(Inputs.file("a/".repeat(1024) + "b", new byte[0]))))
                .hasMessageContaining("1025 names deep, want at most 1024");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --raw-leaves --mtime=5 | raw-leaves can't be used with UnixFS metadata
            --nocopy --raw-leaves=false | nocopy option requires '--raw-leaves' to be enabled as well
            --nocopy --mode=0644 | nocopy option requires '--raw-leaves' to be enabled as well
            --cid-version=0 --hash=sha2-512 | CIDv0 only supports sha2-256
            --cid-version=2 | unknown CID version: 2
            --hash=md5 | potentially insecure hash functions not allowed
            --inline --inline-limit=129 | inline-limit 129 exceeds maximum allowed size of 128 bytes
            --max-hamt-fanout=12 | HAMT fanout must be a power of 2, between 8 and 1024 (got 12)
            --max-hamt-fanout=2048 | HAMT fanout must be a power of 2, between 8 and 1024 (got 2048)
            --max-file-links=1 | max-file-links: 1, want at least 2
            --max-directory-links=-1 | want neither below 0
            """)
    void add_optionsThatExcludeOneAnother_refused(String flags, String message) {
        ImportOptions options =
                AddFlags.parse("unixfs-v0-2015", List.of(flags.split(" "))).options();

        assertThatThrownBy(options::check)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
        assertThatThrownBy(() -> Inputs.addFile(store, options, new byte[1])).hasMessageContaining(message);
    }

    @Test
    void add_metadataUnderTheNewProfile_takesDagPbLeaves() {
        Imported imported = Inputs.add(
                        store,
                        V1.withPreserveMode(true).withPreserveMtime(true),
                        List.of(Inputs.file("f", new byte[5], 0751, Inputs.MTIME)))
                .get(0);
        UnixfsStat stat = Unixfs.stat(store.source(), imported.cid()).join();

        assertThat(stat.mode()).hasValue(0751);
        assertThat(stat.mtime()).contains(Inputs.MTIME);
        assertThat(imported.mode()).hasValue(0751);
        assertThat(stat.sizeBytes()).isEqualTo(5);
    }

    @Test
    void add_anyBudgetAnyCrumbs_sameCid() {
        byte[] bytes = Inputs.stream("crumbs", 5_000_000);
        for (String chunker : List.of("size-262144", "size-2096896", "rabin-65536", "buzhash", "size-1000")) {
            ImportOptions options = V0.withChunker(chunker).withMaxFileLinks(7);
            Imported expected = Inputs.addFile(store, options, bytes);
            Seed.each(2, random -> {
                try (Importer importer = new Importer(store.repository(), Runnable::run, TIGHT)) {
                    ImportEntry entry = ImportEntry.File.of("f", Inputs.crumbs(bytes, random));
                    List<Imported> roots = importer.run(ImportSource.of(List.of(entry)), options, ImportListener.NONE)
                            .join();
                    assertThat(roots).containsExactly(expected);
                    assertThat(importer.buffersInUse()).isZero();
                }
            });
        }
    }

    @Test
    void add_manyAtOnceInATightBudget_allEnd() {
        ExecutorService workers = Executors.newFixedThreadPool(4);
        byte[] bytes = Inputs.stream("many", 3_000_000);
        Imported expected = Inputs.addFile(store, V1, bytes);
        try (Importer importer = new Importer(store.repository(), workers, TIGHT)) {
            List<CompletableFuture<List<Imported>>> runs = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                runs.add(importer.run(ImportSource.of(List.of(Inputs.file("f", bytes))), V1, ImportListener.NONE));
            }
            runs.forEach(run -> assertThat(run.join()).containsExactly(expected));
            assertThat(importer.buffersInUse()).isZero();
        } finally {
            workers.shutdownNow();
        }
    }

    @Test
    void add_onlyHash_storesNothing() {
        byte[] bytes = Inputs.stream("o", 3_000_000);
        Imported hashed = Inputs.addFile(store, V1.withOnlyHash(true), bytes);

        assertThat(store.batches).hasValue(0);
        assertThat(Inputs.addFile(store, V1, bytes)).isEqualTo(hashed);
        assertThat(store.blocks).hasSize(4);
    }

    @Test
    void add_storeFails_endsWithItsErrorAndGivesBuffersBack() {
        store.fault = new BlockstoreException("disk on fire");
        try (Importer importer = new Importer(store.repository(), Runnable::run, TIGHT)) {
            CompletableFuture<List<Imported>> run = importer.run(
                    ImportSource.of(List.of(Inputs.file("f", new byte[3_000_000]))), V1, ImportListener.NONE);
            assertThatThrownBy(run::join).hasCause(store.fault);
            assertThat(importer.buffersInUse()).isZero();
        }
    }

    @Test
    void add_sourceOrListenerFails_endsAndGivesBuffersBack() {
        AtomicBoolean closed = new AtomicBoolean();
        ImportEntry.Content failing = () -> new ReadableByteChannel() {
            private int reads;

            @Override
            public int read(ByteBuffer target) throws IOException {
                if (reads++ == 50) {
                    throw new IOException("cable pulled");
                }
                int length = Math.min(target.remaining(), 50_000);
                target.put(new byte[length]);
                return length;
            }

            @Override
            public boolean isOpen() {
                return !closed.get();
            }

            @Override
            public void close() {
                closed.set(true);
            }
        };
        ImportListener angry = new ImportListener() {
            @Override
            public void progress(String path, long readBytes) {
                throw new IllegalStateException("enough");
            }
        };
        try (Importer importer = new Importer(store.repository(), Runnable::run, TIGHT)) {
            List<ImportEntry> entries = List.of(ImportEntry.File.of("f", failing));
            ImportOptions options = V0.withMode(0600);
            assertThatThrownBy(() -> importer.run(ImportSource.of(entries), options, ImportListener.NONE)
                            .join())
                    .hasRootCauseMessage("cable pulled")
                    .hasMessageContaining("cable pulled");
            assertThat(closed).isTrue();
            assertThatThrownBy(() -> importer.run(ImportSource.of(entries), options, angry)
                            .join())
                    .hasRootCauseMessage("enough");
            assertThat(importer.buffersInUse()).isZero();
        }
    }

    @Test
    void add_cancelled_stopsReading() {
        CompletableFuture<?>[] run = new CompletableFuture<?>[1];
        List<Runnable> held = new ArrayList<>();
        ImportEntry.Content endless = () -> new ReadableByteChannel() {
            private long reads;

            @Override
            public int read(ByteBuffer target) {
                if (++reads == 100) {
                    run[0].cancel(false);
                }
                int length = Math.min(target.remaining(), 10_000);
                target.put(new byte[length]);
                return length;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
        try (Importer importer = new Importer(store.repository(), held::add, ImportBudget.DEFAULT)) {
            run[0] = importer.run(ImportSource.of(List.of(ImportEntry.File.of("f", endless))), V1, ImportListener.NONE);
            held.get(0).run();

            assertThat(run[0]).isCancelled();
            assertThat(importer.buffersInUse()).isZero();
        }
    }

    @Test
    void add_progress_toldInStepsAndAtTheEnd() {
        List<Long> steps = new ArrayList<>();
        ImportListener listener = new ImportListener() {
            @Override
            public void progress(String path, long readBytes) {
                assertThat(path).isEqualTo("f");
                steps.add(readBytes);
            }
        };
        try (Importer importer = new Importer(store.repository(), Runnable::run, TIGHT)) {
            importer.run(ImportSource.of(List.of(Inputs.file("f", new byte[600_000]))), V1, listener)
                    .join();
        }
        assertThat(steps).isSorted().endsWith(600_000L).hasSizeBetween(3, 5);
    }

    @Test
    void add_tooManyOpenEntries_refused() {
        ImportBudget budget = new ImportBudget(4 << 20, 4, 1 << 20, 10);
        try (Importer importer = new Importer(store.repository(), Runnable::run, budget)) {
            CompletableFuture<List<Imported>> run =
                    importer.run(ImportSource.of(Inputs.flat("d", 11, 12, 1)), V1, ImportListener.NONE);
            assertThatThrownBy(run::join)
                    .hasCauseInstanceOf(ImportException.class)
                    .hasMessageContaining("more than 10 entries in the directories open at one time, at \"d\"");
        }
    }

    @Test
    void add_namesOfOneSlot_makeDeepShards() {
        ImportOptions options = V1.withMaxDirectoryLinks(1).withMaxHamtFanout(8);
        List<Imported> heard = Inputs.add(store, options, Inputs.flat("d", 500, 12, 0));
        List<String> names = new ArrayList<>();
        UnixfsDirectory.list(store.source(), heard.get(500).cid())
                .next(1000)
                .join()
                .forEach(entry -> names.add(entry.name()));

        assertThat(names).hasSize(500).doesNotHaveDuplicates();
    }

    @Test
    void add_plainDirectoryTooLargeForABlock_refused() {
        ImportOptions options = V1.withHamtThresholdBytes(0);
        assertThatThrownBy(() -> Inputs.add(store, options, Inputs.flat("d", 10_000, 230, 1)))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("DIRECTORY node of 10000 links takes")
                .hasMessageContaining("want at most 2097152");
        assertThatThrownBy(() -> Inputs.add(store, options.withMaxDirectoryLinks(5), Inputs.flat("d", 6, 12, 1)))
                .hasMessageContaining("has 6 entries and sharding is off, want at most 5");
    }

    @Test
    void add_hashNotSha256_impliesV1() {
        Imported imported = Inputs.addFile(store, V0.withHash(HashFunction.SHA2_512), new byte[10]);

        assertThat(imported.cid().version()).isEqualTo(1);
        assertThat(imported.cid().multihash().code()).isEqualTo(HashFunction.SHA2_512.code());
    }

    @Test
    void noCopy_leavesAreReferences(@TempDir Path folder) throws IOException {
        byte[] bytes = Inputs.stream("ref", 2_500_000);
        Path file = Files.write(folder.resolve("model.bin"), bytes);
        try (Importer importer = new Importer(store.repository(), Runnable::run, ImportBudget.DEFAULT)) {
            List<Imported> roots = importer.run(
                            ImportSource.ofPath(file, PathSourceOptions.DEFAULT),
                            V1.withNoCopy(true),
                            ImportListener.NONE)
                    .join();

            assertThat(roots.get(0).cid())
                    .isEqualTo(Inputs.addFile(new TestRepository(), V1, bytes).cid());
            assertThat(store.blocks).hasSize(1);
            assertThat(store.references.values())
                    .extracting(FileReference::offset)
                    .containsExactlyInAnyOrder(0L, 1L << 20, 2L << 20);
            assertThat(store.references.values())
                    .allMatch(reference -> reference.file().equals(file));
            assertThat(store.find(store.references.values().iterator().next().cid())
                            .orElseThrow()
                            .verified())
                    .isTrue();
        }
        assertThatThrownBy(() -> Inputs.addFile(store, V1.withNoCopy(true), bytes))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("missing file path or URL, can't create filestore reference");
    }

    @Test
    void ofPath_treeOnDisk_asWritten(@TempDir Path folder) throws IOException {
        Path top = Files.createDirectory(folder.resolve("top"));
        Files.write(top.resolve("b"), new byte[2]);
        Files.write(top.resolve(".hidden"), new byte[3]);
        Files.write(top.resolve("x.log"), new byte[4]);
        Files.createDirectories(top.resolve("a/empty"));
        Files.write(Files.createDirectory(top.resolve("a.d")).resolve("in"), new byte[1]);
        Files.createSymbolicLink(top.resolve("link"), Path.of("a.d"));
        Files.setPosixFilePermissions(top.resolve("b"), PosixFilePermissions.fromString("rwxr-x---"));
        Files.setLastModifiedTime(top.resolve("b"), FileTime.from(Instant.ofEpochSecond(77)));

        assertThat(paths(top, PathSourceOptions.DEFAULT))
                .containsExactly(
                        "top",
                        "top/a",
                        "top/a/empty",
                        "top/a.d",
                        "top/a.d/in",
                        "top/b",
                        "top/link -> a.d",
                        "top/x.log");
        assertThat(paths(top, PathSourceOptions.DEFAULT.withHidden(true))).contains("top/.hidden");
        assertThat(paths(top, PathSourceOptions.DEFAULT.withIgnoreRules(List.of("*.log", "a"))))
                .containsExactly("top", "top/a.d", "top/a.d/in", "top/b", "top/link -> a.d");
        assertThat(paths(top, PathSourceOptions.DEFAULT.withDereferenceSymlinks(true)))
                .contains("top/link/in");
        assertThatThrownBy(() -> paths(top, PathSourceOptions.DEFAULT.withRecursive(false)))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("is a directory, use the '-r' flag to specify directories");
        assertThatThrownBy(() -> paths(folder.resolve("none"), PathSourceOptions.DEFAULT))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("no such file or directory");

        try (ImportSource source = ImportSource.ofPath(top.resolve("b"), PathSourceOptions.DEFAULT)) {
            ImportEntry entry = source.next();
            assertThat(entry.mode()).isEqualTo(OptionalInt.of(0750));
            assertThat(entry.mtime()).isEqualTo(Optional.of(Instant.ofEpochSecond(77)));
            assertThat(source.next()).isNull();
        }
    }

    private static List<String> paths(Path top, PathSourceOptions options) throws IOException {
        List<String> paths = new ArrayList<>();
        try (ImportSource source = ImportSource.ofPath(top, options)) {
            for (ImportEntry entry = source.next(); entry != null; entry = source.next()) {
                paths.add(
                        entry instanceof ImportEntry.Symlink link
                                ? link.path() + " -> " + link.target()
                                : entry.path());
            }
        }
        return paths;
    }

    @Test
    void add_missingFile_namesIt(@TempDir Path folder) {
        ImportEntry entry = ImportEntry.File.of("gone", () -> FileChannel.open(folder.resolve("gone")));
        assertThatThrownBy(() -> Inputs.add(store, V1, List.of(entry)))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("cannot open \"gone\"");
    }
}
