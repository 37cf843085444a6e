package io.kafila.dag.unixfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.blockstore.BlockRepository;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are large enough to be read by whoever hashes them. */
class ParallelReadTest {
    private static final int SIZE_BYTES = 9 * 1024 * 1024 + 77;

    @TempDir
    Path folder;

    private final TestRepository store = new TestRepository();
    private final List<FileChannel> opened = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {262_144, 300_007, 1_048_576, 2_000_000, 1000})
    void add_largeFile_sameAsFromAStream(int chunkBytes) throws IOException {
        byte[] bytes = Inputs.stream("parallel", SIZE_BYTES);
        Path file = Files.write(folder.resolve("large"), bytes);
        ImportOptions options = ImportOptions.defaults().withChunker("size-" + chunkBytes);

        ExecutorService workers = Executors.newFixedThreadPool(3);
        try {
            Imported parallel = add(workers, file(file), options);
            Imported streamed = add(workers, ImportEntry.File.of("large", Inputs.content(bytes)), options);

            Imported referred = add(workers, file(file), options.withNoCopy(true));
            Imported hashed = add(workers, file(file), options.withOnlyHash(true));

            assertThat(parallel.cid()).isEqualTo(streamed.cid());
            assertThat(referred.cid()).isEqualTo(streamed.cid());
            assertThat(hashed.cid()).isEqualTo(streamed.cid());
            assertThat(store.references.values().stream()
                            .mapToLong(BlockRepository.FileReference::sizeBytes)
                            .sum())
                    .isEqualTo(SIZE_BYTES);
            assertThat(parallel.fileBytes()).isEqualTo(SIZE_BYTES);
            assertThat(opened).hasSize(3).noneMatch(FileChannel::isOpen);
        } finally {
            workers.shutdownNow();
        }
    }

    @Test
    void add_largeFilesBehindASmallOne_lieAtPageBoundaries() throws IOException {
        Path large = Files.write(folder.resolve("large"), Inputs.stream("large", SIZE_BYTES));
        Path middle = Files.write(folder.resolve("middle"), Inputs.stream("middle", 3 * 1024 * 1024));
        ImportEntry small = ImportEntry.File.of("d/a", Inputs.content(new byte[10]));
        ImportEntry.File atMiddle = file(middle);
        try (ImportSource files = ImportSource.of(List.of(
                        small,
                        new ImportEntry.File(
                                "d/b",
                                atMiddle.content(),
                                OptionalLong.of(3 * 1024 * 1024),
                                Optional.empty(),
                                OptionalInt.empty(),
                                Optional.empty()),
                        ImportEntry.File.of("d/c", Inputs.content(new byte[11])),
                        file(large)));
                Importer importer = new Importer(store.repository(), Runnable::run, ImportBudget.DEFAULT)) {
            importer.run(files, ImportOptions.defaults(), ImportListener.NONE).join();
        }
        assertThat(store.alignedBytes.get()).isGreaterThanOrEqualTo((3 + 9) * 1024 * 1024);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void add_largeFileThatShrinks_failsAndGivesEverythingBack(boolean noCopy) throws IOException {
        Path file = Files.write(folder.resolve("shrinks"), Inputs.stream("shrinks", SIZE_BYTES));
        // Nothing is hashed before the import needs it, and by then the file is short.
        List<Runnable> tasks = new ArrayList<>();
        Executor first = task -> {
            if (tasks.isEmpty()) {
                task.run();
            }
            tasks.add(task);
        };
        ImportEntry.File entry = file(file);
        ImportListener cutter = new ImportListener() {
            @Override
            public void progress(String path, long readBytes) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(SIZE_BYTES / 2);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }

            @Override
            public void imported(Imported imported) {}
        };
        try (Importer importer = new Importer(store.repository(), first, ImportBudget.DEFAULT)) {
            assertThatThrownBy(() -> importer.run(
                                    ImportSource.of(List.of(entry)),
                                    ImportOptions.defaults().withNoCopy(noCopy),
                                    cutter)
                            .join())
                    .hasCauseInstanceOf(ImportException.class)
                    .hasMessageContaining("the file ends at " + SIZE_BYTES / 2 + ", want at least 5242880 bytes");
            assertThat(importer.buffersInUse()).isZero();
            assertThat(opened).hasSize(1).noneMatch(FileChannel::isOpen);
        }
    }

    private Imported add(Executor workers, ImportEntry entry, ImportOptions options) {
        try (Importer importer = new Importer(store.repository(), workers, ImportBudget.DEFAULT)) {
            Imported imported = importer.run(ImportSource.of(List.of(entry)), options, ImportListener.NONE)
                    .join()
                    .get(0);
            assertThat(importer.buffersInUse()).isZero();
            return imported;
        }
    }

    private ImportEntry.File file(Path path) {
        return new ImportEntry.File(
                "large",
                () -> {
                    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
                    opened.add(channel);
                    return channel;
                },
                OptionalLong.empty(),
                Optional.of(new ImportEntry.DiskLocation(path.toAbsolutePath(), 0)),
                OptionalInt.empty(),
                Optional.empty());
    }
}
