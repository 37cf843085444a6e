package io.kafila.blockstore;

import static io.kafila.blockstore.Blocks.await;
import static io.kafila.blockstore.Blocks.drain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.blockstore.internal.store.SegmentStore;
import io.kafila.multiformats.Cid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SegmentRepositoryTest extends BlockRepositoryContract {
    /** Segments of 64 KiB, so that a test has many of them. */
    static final RepositoryOptions SMALL = RepositoryOptions.DEFAULT.withSegmentBytes(64 << 10);

    @Override
    BlockRepository open(Path dir) {
        return SegmentRepository.open(dir, SMALL);
    }

    @Override
    void afterClose() {
        assertThat(((SegmentStore) repository).buffersOut())
                .as("read buffers that were not given back")
                .isZero();
        assertThat(repository.counters().bufferBytes()).isZero();
    }

    private void reopen() {
        store.close();
        afterClose();
        openStore();
        asRepository();
    }

    private List<Path> files(String folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve("store").resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void everything_survivesReopening() {
        Map<Cid, byte[]> put = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            Block block = Blocks.random(random, random.nextInt(20_000));
            put.put(block.cid(), block.payload().toByteArray());
            await(repository.put(block));
        }
        Cid gone = put.keySet().iterator().next();
        put.remove(gone);
        await(repository.deleteAll(List.of(gone)));
        Pin pin = new Pin(gone, PinMode.DIRECT, "kept");
        await(repository.pins().put(pin));
        for (int round = 0; round < 2; round++) {
            reopen();
            assertThat(drain(repository.keys(), 50)).containsExactlyInAnyOrderElementsOf(put.keySet());
            put.forEach((cid, bytes) -> assertThat(
                            Blocks.bytes(await(repository.get(cid)).orElseThrow()))
                    .isEqualTo(bytes));
            assertThat(await(repository.pins().all())).containsExactly(pin);
            assertThat(await(repository.pins().count(PinMode.DIRECT))).isEqualTo(1);
            assertThat(await(repository.stat()).blocks()).isEqualTo(99);
            await(repository.repair());
        }
    }

    @Test
    void indexLost_isRebuiltOnOpening() throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            blocks.add(Blocks.random(random, random.nextInt(20_000)));
        }
        await(repository.putAll(blocks));
        List<Cid> gone = blocks.subList(0, 20).stream().map(Block::cid).toList();
        await(repository.deleteAll(gone));
        await(repository.putAll(blocks.subList(0, 5)));
        await(repository.pins().put(new Pin(blocks.get(59).cid(), PinMode.DIRECT, "")));
        store.close();
        for (Path file : files("index", "")) {
            Files.delete(file);
        }
        openStore();
        asRepository();
        assertThat(drain(repository.keys(), 50)).hasSize(45);
        for (Block block : blocks.subList(20, 60)) {
            assertThat(Blocks.bytes(await(repository.get(block.cid())).orElseThrow()))
                    .isEqualTo(block.payload().toByteArray());
        }
        assertThat(await(repository.verify(result -> {})).corrupt()).isEmpty();
    }

    @Test
    void writeBuffer_filledAndPut_isTheBlock_andGoesBack() {
        byte[] bytes = new byte[128 << 10];
        random.nextBytes(bytes);
        WriteBuffer buffer = repository.writeBuffer(bytes.length);
        assertThat(buffer.bytes().isDirect()).isTrue();
        assertThat(buffer.bytes().alignmentOffset(0, 4096)).isZero();
        assertThat(buffer.bytes().remaining()).isEqualTo(bytes.length);
        buffer.bytes().put(bytes, 0, 1000);
        buffer.bytes().put(bytes, 1000, bytes.length - 1000);

        Block block = new Block(Blocks.raw(bytes).cid(), buffer.filled());
        buffer.close();
        assertThat(block.payload().toByteArray()).isEqualTo(bytes);
        assertThatThrownBy(buffer::filled).isInstanceOf(IllegalStateException.class);
        await(repository.put(block));
        assertThat(((SegmentStore) repository).buffersOut()).isOne();
        block.close();
        assertThat(((SegmentStore) repository).buffersOut()).isZero();
        assertThat(Blocks.bytes(await(repository.get(block.cid())).orElseThrow()))
                .isEqualTo(bytes);
    }

    @Test
    void writeBuffer_ofWhatWouldBeCopiedAnyway_orBeyondTheBound_isNone() {
        assertThat(repository.writeBuffer((128 << 10) + 1)).isNull();
        assertThat(repository.writeBuffer(8192)).isNull();

        List<WriteBuffer> out = new ArrayList<>();
        for (WriteBuffer next = repository.writeBuffer(1 << 20); next != null; next = repository.writeBuffer(1 << 20)) {
            out.add(next);
            assertThat(out).as("bounded").hasSizeLessThan(64);
        }
        assertThat(out).hasSizeGreaterThan(8);
        out.forEach(WriteBuffer::close);
        out.forEach(WriteBuffer::close);
        assertThat(((SegmentStore) repository).buffersOut()).isZero();
    }

    @Test
    void gc_givesSpaceBack() throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            blocks.add(Blocks.random(random, 10_000));
        }
        await(repository.putAll(blocks));
        for (int i = 0; i < 400; i += 10) {
            await(repository.pins().put(new Pin(blocks.get(i).cid(), PinMode.DIRECT, "")));
        }
        long before = segmentBytes();
        List<Cid> removed = new ArrayList<>();
        BlockRepository.GcReport report = await(repository.collectGarbage(Blocks::links, removed::add));
        assertThat(removed).hasSize(360);
        long after = segmentBytes();
        assertThat(after).isLessThan((long) (40 * 10_000 * 1.3) + (64 << 10));
        assertThat(report.freedDiskBytes()).isGreaterThan(before / 2);
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 400; i++) {
                assertThat(await(repository.get(blocks.get(i).cid()))
                                .map(Blocks::bytes)
                                .orElse(null))
                        .as("block " + i)
                        .isEqualTo(i % 10 == 0 ? blocks.get(i).payload().toByteArray() : null);
            }
            assertThat(await(repository.repair()).blocks()).isEqualTo(40);
        }
        reopen();
        assertThat(drain(repository.keys(), 50)).hasSize(40);
        assertThat(files("segments", ".dead")).isEmpty();
    }

    private long segmentBytes() throws IOException {
        long bytes = 0;
        for (Path file : files("segments", ".seg")) {
            bytes += Files.size(file);
        }
        return bytes;
    }

    @Test
    void reader_keepsASegmentThatCompactionDeletes() throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            blocks.add(Blocks.random(random, 20_000));
        }
        await(repository.putAll(blocks));
        List<Block> held = new ArrayList<>();
        for (Block block : blocks) {
            held.add(await(repository.get(block.cid())).orElseThrow());
        }
        await(repository.collectGarbage(Blocks::links, cid -> {}));
        assertThat(drain(repository.keys(), 50)).isEmpty();
        for (Block block : held) {
            assertThat(block.verified()).isTrue();
            block.close();
        }
        reopen();
        assertThat(files("segments", ".dead")).isEmpty();
    }

    @Test
    void segmentFileMissing_itsBlocksAreAbsentAndCanBePutAgain() throws IOException {
        Block lost = Blocks.random(random, 70_000);
        Block kept = Blocks.random(random, 1000);
        await(repository.put(lost));
        await(repository.put(kept));
        store.close();
        Files.delete(files("segments", ".seg").get(0));
        openStore();
        asRepository();
        assertThat(await(repository.has(lost.cid()))).isFalse();
        assertThat(await(repository.has(kept.cid()))).isTrue();
        assertThat(await(repository.stat()).blocks()).isEqualTo(1);
        await(repository.put(lost));
        assertThat(Blocks.bytes(await(repository.get(lost.cid())).orElseThrow()))
                .isEqualTo(lost.payload().toByteArray());
    }

    @Test
    void openTwice_isLocked() {
        Path path = dir.resolve("store");
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> SegmentRepository.open(path, SMALL))
                    .isInstanceOf(RepositoryLockedException.class)
                    .hasMessage("someone else has the lock on " + path.resolve("repo.lock"));
        }
    }

    @Test
    void openFromAnotherProcess_isLocked() throws Exception {
        Path path = dir.resolve("store");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OpenMain.class.getName(),
                        path.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output).contains("locked: someone else has the lock on " + path.resolve("repo.lock"));
    }

    /** Opens a repository in a process of its own and says how it went. */
    static final class OpenMain {
        public static void main(String[] args) {
            try (BlockRepository repository = SegmentRepository.open(Path.of(args[0]), SMALL)) {
                System.out.println("open: " + repository);
            } catch (RepositoryLockedException e) {
                System.out.println("locked: " + e.getMessage());
            }
        }
    }

    @Test
    void storageMax_refusesAndStaysUsable() {
        store.close();
        try (BlockRepository small = SegmentRepository.open(dir.resolve("small"), SMALL.withMaxBytes(400_000))) {
            List<Block> blocks = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                blocks.add(Blocks.random(random, 50_000));
            }
            assertThatThrownBy(() -> await(small.putAll(blocks)))
                    .isInstanceOf(StorageFullException.class)
                    .hasMessageContaining("of at most 400000 bytes are in use");
            assertThat(drain(small.keys(), 10)).isEmpty();
            await(small.putAll(blocks.subList(0, 5)));
            await(small.putAll(blocks.subList(0, 5)));
            assertThatThrownBy(() -> await(small.putAll(blocks.subList(5, 10))))
                    .isInstanceOf(StorageFullException.class);
            await(small.collectGarbage(Blocks::links, cid -> {}));
            await(small.putAll(blocks.subList(5, 10)));
            assertThat(drain(small.keys(), 10)).hasSize(5);
        }
    }

    @Test
    void verifyOnRead_corruptBytes_refused() throws IOException {
        store.close();
        Path path = dir.resolve("checked");
        Block block = Blocks.random(random, 30_000);
        Block sound = Blocks.random(random, 30_000);
        try (BlockRepository repository = SegmentRepository.open(path, SMALL)) {
            await(repository.put(block));
            await(repository.put(sound));
        }
        Path segment = path.resolve("segments/0000000000000001.seg");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[4096 + 777]++;
        Files.write(segment, bytes);
        try (BlockRepository repository = SegmentRepository.open(path, SMALL.withVerifyOnRead(true))) {
            assertThatThrownBy(() -> await(repository.get(block.cid())))
                    .isInstanceOf(CorruptBlockException.class)
                    .hasMessage("corrupt block " + block.cid()
                            + " in segment 1 at offset 4096: the bytes do not match the hash");
            await(repository.get(sound.cid())).orElseThrow().close();
            BlockRepository.VerifyReport report = await(repository.verify(result -> {}));
            assertThat(report.corrupt()).hasSize(1);
            assertThat(report.corrupt().get(0).error()).contains("quarantine");
            assertThat(await(repository.has(block.cid()))).isFalse();
            try (Stream<Path> kept = Files.list(path.resolve("quarantine"))) {
                assertThat(kept)
                        .singleElement()
                        .satisfies(file -> assertThat(file).hasSize(30_000));
            }
            await(repository.repair());
            assertThat(await(repository.has(block.cid()))).isFalse();
            await(repository.put(block));
            await(repository.get(block.cid())).orElseThrow().close();
        }
    }

    @Test
    void compaction_corruptPayload_quarantined() throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            blocks.add(Blocks.random(random, 20_000));
            await(repository.put(blocks.get(i)));
        }
        store.close();
        Path segment = files("segments", ".seg").get(0);
        byte[] bytes = Files.readAllBytes(segment);
        bytes[4096 + 777]++;
        Files.write(segment, bytes);
        openStore();
        asRepository();
        await(repository.pins().put(new Pin(blocks.get(0).cid(), PinMode.DIRECT, "")));
        await(repository.collectGarbage(Blocks::links, cid -> {}));
        assertThat(await(repository.has(blocks.get(0).cid()))).isFalse();
        assertThat(files("quarantine", "")).hasSize(1);
        assertThat(repository.counters().corruptBlocks()).isEqualTo(1);
    }

    @Test
    void concurrentPuts_shareForces() {
        List<CompletableFuture<Void>> puts = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            puts.add(repository.put(Blocks.random(random, 100)));
        }
        puts.forEach(Blocks::await);
        assertThat(repository.counters().forces()).isLessThan(250);
    }
}
