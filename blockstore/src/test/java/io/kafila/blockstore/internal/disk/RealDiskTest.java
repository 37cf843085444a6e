package io.kafila.blockstore.internal.disk;

import static io.kafila.blockstore.internal.disk.DiskFile.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.testkit.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RealDiskTest {
    @TempDir
    Path dir;

    /** Whole pages of direct memory with random content. Left to the garbage collector. */
    private static ByteBuffer pages(int count, long seed) {
        ByteBuffer pages = DirectMemory.align(DirectMemory.allocate(count * PAGE_BYTES));
        return pages.put(new Seed(seed).bytes(count * PAGE_BYTES)).flip();
    }

    private static ByteBuffer read(DiskFile file, boolean cached, int count, long position) throws IOException {
        ByteBuffer into = DirectMemory.align(DirectMemory.allocate(count * PAGE_BYTES));
        int read = cached ? file.read(into, position) : file.readUncached(into, position);
        assertThat(read).isEqualTo(count * PAGE_BYTES);
        return into.flip();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void alignedAndUnalignedWrites_mixed_bothWaysOfReadingSeeTheSame(boolean directIo) throws IOException {
        RealDisk disk = new RealDisk(dir, directIo);
        try (DiskFile file = disk.create("f")) {
            assertThat(file.bypassesCache()).isEqualTo(disk.directIo());
            ByteBuffer first = pages(3, 1);
            ByteBuffer second = pages(40, 2);
            byte[] third = new Seed(3).bytes(PAGE_BYTES);
            file.write(List.of(first.duplicate(), second.duplicate()), 0);
            file.write(List.of(ByteBuffer.wrap(third)), 43L * PAGE_BYTES);
            file.force();
            assertThat(file.size()).isEqualTo(44L * PAGE_BYTES);
            for (boolean cached : new boolean[] {true, false}) {
                assertThat(read(file, cached, 3, 0)).isEqualTo(first);
                assertThat(read(file, cached, 40, 3L * PAGE_BYTES)).isEqualTo(second);
                assertThat(read(file, cached, 1, 43L * PAGE_BYTES)).isEqualTo(ByteBuffer.wrap(third));
            }
            // Over what the page cache holds by now.
            ByteBuffer again = pages(2, 4);
            file.write(List.of(again.duplicate()), PAGE_BYTES);
            assertThat(read(file, true, 2, PAGE_BYTES)).isEqualTo(again);
            assertThat(read(file, false, 2, PAGE_BYTES)).isEqualTo(again);
        }
        assertThat(Files.list(dir))
                .as("no probe is left")
                .containsExactly(dir.toRealPath().resolve("f"));
    }

    @Test
    void readUncached_offAPageOrIntoHeap_readsAllTheSame() throws IOException {
        RealDisk disk = new RealDisk(dir, true);
        try (DiskFile file = disk.create("f")) {
            ByteBuffer content = pages(2, 1);
            file.write(List.of(content.duplicate()), 0);
            ByteBuffer heap = ByteBuffer.allocate(100);
            assertThat(file.readUncached(heap, 77)).isEqualTo(100);
            assertThat(heap.flip()).isEqualTo(content.slice(77, 100));
            ByteBuffer beyond = DirectMemory.align(DirectMemory.allocate(2 * PAGE_BYTES));
            assertThat(file.readUncached(beyond, PAGE_BYTES))
                    .as("bytes up to the end")
                    .isEqualTo(PAGE_BYTES);
        }
    }

    @Test
    void manyFiles_renamedAndDeletedMeanwhile_fewStayOpen() throws IOException {
        RealDisk disk = new RealDisk(dir, true);
        List<DiskFile> files = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            DiskFile file = disk.create("f" + i);
            file.write(List.of(ByteBuffer.wrap(new byte[] {(byte) i, 7})), 0);
            file.force();
            files.add(file);
        }
        assertThat(disk.openFiles()).isLessThanOrEqualTo(256);
        disk.rename("f0", "g0");
        disk.create("f0").close();
        for (int i = 0; i < 600; i++) {
            ByteBuffer two = ByteBuffer.allocate(2);
            assertThat(files.get(i).read(two, 0)).isEqualTo(2);
            assertThat(two.array()).containsExactly(i, 7);
        }
        assertThat(disk.openFiles()).isLessThanOrEqualTo(256);
        for (DiskFile file : files) {
            file.close();
        }
        assertThat(disk.openFiles()).isZero();
        assertThatThrownBy(() -> files.get(5).size())
                .isInstanceOf(IOException.class)
                .hasMessage("the file is closed");
    }

    @Test
    void createWhatIsThere_openWhatIsNot_fail() throws IOException {
        RealDisk disk = new RealDisk(dir, true);
        disk.create("f").close();
        assertThatThrownBy(() -> disk.create("f")).isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> disk.open("g")).isInstanceOf(NoSuchFileException.class);
        assertThat(disk.openFiles()).isZero();
    }
}
