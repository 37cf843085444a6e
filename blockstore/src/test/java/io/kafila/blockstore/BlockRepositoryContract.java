package io.kafila.blockstore;

import static io.kafila.blockstore.Blocks.await;
import static io.kafila.blockstore.Blocks.drain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.blockstore.BlockRepository.FileReference;
import io.kafila.blockstore.BlockRepository.GcReport;
import io.kafila.blockstore.BlockRepository.Lease;
import io.kafila.blockstore.BlockRepository.Records;
import io.kafila.multiformats.Cid;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every repository does beyond a blockstore. */
abstract class BlockRepositoryContract extends BlockstoreContract {
    BlockRepository repository;

    @Override
    abstract BlockRepository open(Path dir);

    @BeforeEach
    void asRepository() {
        repository = (BlockRepository) store;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Pin pin(Cid cid, PinMode mode) {
        return new Pin(cid, mode, "");
    }

    private Block put(int size) {
        Block block = Blocks.random(random, size);
        await(repository.put(block));
        return block;
    }

    private GcReport collect(Set<Cid> removed) {
        return await(repository.collectGarbage(Blocks::links, removed::add));
    }

    // Pins

    @Test
    void pins_putGetReplaceRemove() {
        PinStore pins = repository.pins();
        Cid cid = Blocks.random(random, 10).cid();
        assertThat(await(pins.get(cid))).isEmpty();
        await(pins.put(new Pin(cid, PinMode.DIRECT, "first")));
        assertThat(await(pins.get(cid))).contains(new Pin(cid, PinMode.DIRECT, "first"));
        await(pins.put(new Pin(cid, PinMode.RECURSIVE, "ünï")));
        assertThat(await(pins.get(cid))).contains(new Pin(cid, PinMode.RECURSIVE, "ünï"));
        assertThat(await(pins.count(PinMode.RECURSIVE))).isEqualTo(1);
        assertThat(await(pins.count(PinMode.DIRECT))).isZero();
        assertThatThrownBy(() -> await(pins.put(pin(cid, PinMode.DIRECT))))
                .isInstanceOf(BlockstoreException.class)
                .hasMessage("pin: " + cid + " already pinned recursively");
        assertThat(await(pins.remove(cid))).isTrue();
        assertThat(await(pins.remove(cid))).isFalse();
        assertThat(await(pins.all())).isEmpty();
        assertThat(await(pins.count(PinMode.RECURSIVE))).isZero();
    }

    @Test
    void pins_listAll_orderedByCid() {
        List<Pin> put = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            Pin pin = new Pin(
                    Blocks.random(random, 10).cid(), i % 2 == 0 ? PinMode.DIRECT : PinMode.RECURSIVE, "pin " + i);
            put.add(pin);
            await(repository.pins().put(pin));
        }
        put.sort((a, b) -> Arrays.compareUnsigned(a.cid().bytes(), b.cid().bytes()));
        assertThat(drain(repository.pins().list(), 4)).isEqualTo(put);
        assertThat(await(repository.pins().all())).isEqualTo(put);
        assertThat(await(repository.pins().count(PinMode.DIRECT))).isEqualTo(15);
    }

    @Test
    void pins_update_movesInOneStep() {
        PinStore pins = repository.pins();
        Cid a = Blocks.random(random, 10).cid();
        Cid b = Blocks.random(random, 10).cid();
        Cid c = Blocks.random(random, 10).cid();
        assertThatThrownBy(() -> await(pins.update(a, pin(b, PinMode.RECURSIVE), true)))
                .isInstanceOf(BlockstoreException.class)
                .hasMessageContaining("was not recursively pinned already");
        await(pins.put(pin(a, PinMode.RECURSIVE)));
        await(pins.update(a, pin(b, PinMode.RECURSIVE), false));
        assertThat(await(pins.all())).hasSize(2);
        await(pins.update(b, pin(c, PinMode.RECURSIVE), true));
        assertThat(await(pins.get(b))).isEmpty();
        assertThat(await(pins.get(c))).isPresent();
        await(pins.update(c, new Pin(c, PinMode.RECURSIVE, "same"), true));
        assertThat(await(pins.get(c))).contains(new Pin(c, PinMode.RECURSIVE, "same"));
        assertThat(await(pins.count(PinMode.RECURSIVE))).isEqualTo(2);
    }

    @Test
    void pins_nameTooLong_refused() {
        Cid cid = Blocks.random(random, 10).cid();
        await(repository.pins().put(new Pin(cid, PinMode.DIRECT, "x".repeat(255))));
        assertThatThrownBy(() -> await(repository.pins().put(new Pin(cid, PinMode.DIRECT, "é".repeat(128)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("pin name of 256 bytes, want at most 255");
    }

    // Records

    @Test
    void records_namespacesApart_scanByPrefix() {
        Records peers = repository.records("peers");
        Records values = repository.records("peer");
        peers.write(List.of(
                new Records.Entry(utf8("a/1"), utf8("one")),
                new Records.Entry(utf8("a/2"), utf8("two")),
                new Records.Entry(utf8("a/3"), utf8("three")),
                new Records.Entry(utf8("b/1"), new byte[0])));
        assertThat(peers.get(utf8("a/2"))).isEqualTo(utf8("two"));
        assertThat(peers.get(utf8("b/1"))).isEmpty();
        assertThat(peers.get(utf8("c"))).isNull();
        assertThat(values.get(utf8("a/2"))).isNull();
        assertThat(values.scan(new byte[0], new byte[0], 10)).isEmpty();
        assertThat(keys(peers.scan(utf8("a/"), new byte[0], 10))).containsExactly("a/1", "a/2", "a/3");
        assertThat(keys(peers.scan(utf8("a/"), utf8("a/1"), 1))).containsExactly("a/2");
        assertThat(keys(peers.scan(new byte[0], utf8("a/3"), 10))).containsExactly("b/1");
        peers.write(List.of(new Records.Entry(utf8("a/1"), null), new Records.Entry(utf8("a/2"), utf8("zwei"))));
        assertThat(peers.get(utf8("a/1"))).isNull();
        assertThat(peers.get(utf8("a/2"))).isEqualTo(utf8("zwei"));
        assertThat(repository.records("peers").get(utf8("a/2"))).isEqualTo(utf8("zwei"));
    }

    private static List<String> keys(List<Records.Entry> entries) {
        return entries.stream()
                .map(entry -> new String(entry.key(), StandardCharsets.UTF_8))
                .toList();
    }

    // References

    private Path userFile(byte[] bytes) throws IOException {
        return Files.write(dir.resolve("user file.bin"), bytes).toAbsolutePath();
    }

    private byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private List<FileReference> reference(Path file, byte[] bytes, int chunk) {
        List<FileReference> references = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += chunk) {
            byte[] part = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + chunk));
            references.add(new FileReference(Blocks.raw(part).cid(), file, at, part.length));
        }
        await(repository.putReferences(references));
        return references;
    }

    @Test
    void references_areReadFromTheFile() throws IOException {
        byte[] bytes = randomBytes(100_000);
        Path file = userFile(bytes);
        List<FileReference> references = reference(file, bytes, 30_000);
        for (FileReference each : references) {
            assertThat(await(repository.has(each.cid()))).isTrue();
            assertThat(await(repository.size(each.cid())).getAsInt()).isEqualTo(each.sizeBytes());
            try (Block block = await(repository.get(each.cid())).orElseThrow()) {
                assertThat(block.verified()).isTrue();
            }
        }
        assertThat(drain(repository.references(), 3)).containsExactlyInAnyOrderElementsOf(references);
        assertThat(await(repository.stat()).blocks()).isEqualTo(4);
        assertThat(await(repository.stat()).liveBytes()).isEqualTo(100_000);
        await(repository.deleteAll(List.of(references.get(0).cid())));
        assertThat(await(repository.has(references.get(0).cid()))).isFalse();
        assertThat(drain(repository.references(), 3)).hasSize(3);
        assertThat(await(repository.stat()).liveBytes()).isEqualTo(70_000);
    }

    @Test
    void references_fileChanged_saysWhat() throws IOException {
        byte[] bytes = randomBytes(50_000);
        Path file = userFile(bytes);
        FileReference reference = reference(file, bytes, 20_000).get(1);
        FileTime before = Files.getLastModifiedTime(file);
        bytes[30_000]++;
        Files.write(file, bytes);
        Files.setLastModifiedTime(file, before);
        assertChanged(reference, "the bytes do not match the hash");
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_000_000_000)));
        assertChanged(reference, "its modification time is 2001-09-09T01:46:40Z, was ");
        Files.write(file, Arrays.copyOf(bytes, 49_999));
        assertChanged(reference, "its size is 49999 bytes, was 50000");
        Files.delete(file);
        assertChanged(reference, "it is gone");
    }

    private void assertChanged(FileReference reference, String difference) {
        assertThatThrownBy(() -> await(repository.get(reference.cid())))
                .isInstanceOfSatisfying(
                        ChangedFileException.class, e -> assertThat(e.file()).isEqualTo(reference.file()))
                .hasMessageContaining(reference.file().toString())
                .hasMessageContaining("offset " + reference.offset())
                .hasMessageContaining(reference.cid().toString())
                .hasMessageContaining(difference);
    }

    @Test
    void references_notThereOrOutOfRange_refused() throws IOException {
        byte[] bytes = randomBytes(1000);
        Path file = userFile(bytes);
        Cid cid = Blocks.raw(bytes).cid();
        assertThatThrownBy(() -> await(repository.putReferences(
                        List.of(new FileReference(cid, file.resolveSibling("absent"), 0, 1000)))))
                .isInstanceOf(BlockstoreException.class)
                .hasMessageContaining("absent");
        assertThatThrownBy(() -> await(repository.putReferences(List.of(new FileReference(cid, file, 1, 1000)))))
                .isInstanceOf(BlockstoreException.class)
                .hasMessageContaining("1000 bytes");
        assertThatThrownBy(
                        () -> await(repository.putReferences(List.of(new FileReference(cid, Path.of("x"), 0, 1000)))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(await(repository.has(cid))).isFalse();
    }

    @Test
    void references_copyWins() throws IOException {
        byte[] bytes = randomBytes(10_000);
        Path file = userFile(bytes);
        Block block = Blocks.raw(bytes);
        reference(file, bytes, 10_000);
        await(repository.put(block));
        assertThat(drain(repository.references(), 3)).isEmpty();
        reference(file, bytes, 10_000);
        assertThat(drain(repository.references(), 3)).isEmpty();
        Files.delete(file);
        assertThat(Blocks.bytes(await(repository.get(block.cid())).orElseThrow()))
                .isEqualTo(bytes);
        assertThat(await(repository.stat()).blocks()).isEqualTo(1);
        assertThat(await(repository.stat()).liveBytes()).isEqualTo(10_000);
    }

    // Garbage collection

    @Test
    void gc_keepsWhatPinsReach_removesTheRest() {
        Block leaf = put(20_000);
        Block shared = put(100);
        Block dead = put(30_000);
        Block below = Blocks.node("below", List.of(leaf.cid(), shared.cid()));
        Block root = Blocks.node("root", List.of(below.cid(), below.cid(), shared.cid()));
        Block direct = Blocks.node("direct", List.of(dead.cid()));
        await(repository.putAll(List.of(below, root, direct)));
        await(repository.pins().put(pin(root.cid(), PinMode.RECURSIVE)));
        await(repository.pins().put(pin(direct.cid(), PinMode.DIRECT)));
        Set<Cid> removed = new HashSet<>();
        GcReport report = collect(removed);
        assertThat(removed).containsExactly(dead.cid());
        assertThat(report.removedBlocks()).isEqualTo(1);
        assertThat(report.removedBytes()).isEqualTo(30_000);
        assertThat(report.keptBlocks()).isEqualTo(5);
        assertThat(await(repository.has(dead.cid()))).isFalse();
        for (Block block : List.of(leaf, shared, below, root, direct)) {
            assertThat(Blocks.bytes(await(repository.get(block.cid())).orElseThrow()))
                    .isEqualTo(block.payload().toByteArray());
        }
        await(repository.pins().remove(root.cid()));
        await(repository.pins().remove(direct.cid()));
        collect(removed);
        assertThat(drain(repository.keys(), 10)).isEmpty();
        assertThat(await(repository.stat()).liveBytes()).isZero();
        assertThat(await(repository.stat()).blocks()).isZero();
    }

    @Test
    void gc_leaseKeepsWhatWasPutFoundOrReferencedUnderIt() throws IOException {
        Block untouched = put(10);
        Block has = put(20);
        Block size = put(30);
        Block get = put(40);
        byte[] bytes = randomBytes(10_000);
        Path file = userFile(bytes);
        FileReference reference;
        Block fresh;
        try (Lease lease = repository.lease()) {
            assertThat(lease).isNotNull();
            await(repository.has(has.cid()));
            await(repository.size(size.cid()));
            await(repository.get(get.cid())).ifPresent(Block::close);
            fresh = put(50);
            reference = reference(file, bytes, 10_000).get(0);
            Set<Cid> removed = new HashSet<>();
            collect(removed);
            assertThat(removed).containsExactly(untouched.cid());
        }
        Set<Cid> removed = new HashSet<>();
        collect(removed);
        assertThat(removed).containsExactlyInAnyOrder(has.cid(), size.cid(), get.cid(), fresh.cid(), reference.cid());
    }

    @Test
    void gc_overlappingLeases_eachKeepsItsOwnTime() {
        Lease first = repository.lease();
        Block a = put(10);
        Lease second = repository.lease();
        Block b = put(20);
        first.close();
        first.close();
        Set<Cid> removed = new HashSet<>();
        collect(removed);
        assertThat(removed).containsExactly(a.cid());
        Lease third = repository.lease();
        Block c = put(30);
        third.close();
        collect(removed);
        assertThat(await(repository.has(b.cid()))).isTrue();
        assertThat(await(repository.has(c.cid()))).isTrue();
        second.close();
        collect(removed);
        assertThat(removed).containsExactlyInAnyOrder(a.cid(), b.cid(), c.cid());
    }

    @Test
    void gc_absentBlockBelowAPin_removesNothing() {
        Block dead = put(10);
        Block absent = Blocks.random(random, 100);
        Block middle = Blocks.node("middle", List.of(absent.cid()));
        Block root = Blocks.node("root", List.of(middle.cid()));
        await(repository.putAll(List.of(root)));
        await(repository.pins().put(pin(root.cid(), PinMode.RECURSIVE)));
        assertThatThrownBy(() -> collect(new HashSet<>()))
                .isInstanceOf(BlockstoreException.class)
                .hasMessageContaining(middle.cid().toString())
                .hasMessageContaining(root.cid().toString());
        assertThat(await(repository.has(dead.cid()))).isTrue();
        await(repository.put(middle));
        collect(new HashSet<>());
        assertThat(await(repository.has(dead.cid()))).isFalse();
    }

    @Test
    void gc_pinnedWhileItRuns_isHonoured() {
        List<Block> leaves = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            leaves.add(Blocks.random(random, 50));
        }
        await(repository.putAll(leaves));
        Block root = Blocks.node("late", leaves.stream().map(Block::cid).toList());
        await(repository.put(root));
        Block dead = put(10);
        Block pinned = Blocks.node("early", List.of());
        await(repository.put(pinned));
        await(repository.pins().put(pin(pinned.cid(), PinMode.RECURSIVE)));
        List<CompletableFuture<Void>> pins = new ArrayList<>();
        Lease lease = repository.lease();
        leaves.forEach(leaf -> assertThat(await(repository.has(leaf.cid()))).isTrue());
        assertThat(await(repository.has(root.cid()))).isTrue();
        GcReport report = await(repository.collectGarbage(
                block -> {
                    pins.add(repository.pins().put(pin(root.cid(), PinMode.RECURSIVE)));
                    pins.get(pins.size() - 1).thenRun(lease::close);
                    return Blocks.links(block);
                },
                cid -> assertThat(cid).isEqualTo(dead.cid())));
        pins.forEach(Blocks::await);
        assertThat(report.removedBlocks()).isEqualTo(1);
        for (Optional<Block> leaf :
                await(repository.getAll(leaves.stream().map(Block::cid).toList()))) {
            leaf.orElseThrow().close();
        }
    }

    @Test
    void gc_twice_theSecondJoinsTheFirst() {
        put(10);
        CompletableFuture<GcReport> first = repository.collectGarbage(Blocks::links, cid -> {});
        CompletableFuture<GcReport> second = repository.collectGarbage(Blocks::links, cid -> {});
        assertThat(await(first).removedBlocks() + await(second).removedBlocks()).isBetween(1L, 2L);
        assertThat(await(repository.collectGarbage(Blocks::links, cid -> {})).removedBlocks())
                .isZero();
    }

    // Verification, repair, numbers

    @Test
    void verify_soundStore_reportsEveryBlock() {
        Set<Cid> put = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            put.add(put(i * 100).cid());
        }
        Set<Cid> seen = new HashSet<>();
        BlockRepository.VerifyReport report = await(repository.verify(result -> {
            assertThat(result.error()).isEmpty();
            seen.add(result.cid());
        }));
        assertThat(report.checkedBlocks()).isEqualTo(put.size());
        assertThat(report.corrupt()).isEmpty();
        assertThat(seen).isEqualTo(put);
    }

    @Test
    void verify_changedFile_isReported() throws IOException {
        byte[] bytes = randomBytes(1000);
        Path file = userFile(bytes);
        FileReference reference = reference(file, bytes, 1000).get(0);
        Files.delete(file);
        BlockRepository.VerifyReport report = await(repository.verify(result -> {}));
        assertThat(report.corrupt()).singleElement().satisfies(result -> {
            assertThat(result.cid()).isEqualTo(reference.cid());
            assertThat(result.error()).contains("it is gone");
        });
    }

    @Test
    void verify_corruptBlock_isNamedAndNeverServedAgain() {
        Block sound = put(5000);
        byte[] bytes = randomBytes(5000);
        Cid wrong = Blocks.random(random, 10).cid();
        await(repository.put(new Block(wrong, io.kafila.multiformats.Payload.of(bytes))));
        BlockRepository.VerifyReport report = await(repository.verify(result -> {}));
        assertThat(report.checkedBlocks()).isEqualTo(2);
        assertThat(report.corrupt()).singleElement().satisfies(result -> {
            assertThat(result.cid()).isEqualTo(wrong);
            assertThat(result.error()).contains(wrong.toString());
        });
        assertThat(await(repository.has(wrong))).isFalse();
        assertThat(await(repository.get(wrong))).isEmpty();
        assertThat(await(repository.has(sound.cid()))).isTrue();
        assertThat(await(repository.verify(result -> {})).corrupt()).isEmpty();
        assertThat(repository.counters().corruptBlocks()).isEqualTo(1);
    }

    @Test
    void repair_keepsEveryBlock() {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            blocks.add(put(i * 500));
        }
        await(repository.deleteAll(List.of(blocks.remove(3).cid())));
        assertThat(await(repository.repair()).blocks()).isEqualTo(29);
        assertThat(drain(repository.keys(), 100)).hasSize(29);
        for (Block block : blocks) {
            assertThat(Blocks.bytes(await(repository.get(block.cid())).orElseThrow()))
                    .isEqualTo(block.payload().toByteArray());
        }
    }

    @Test
    void stat_andCounters_count() {
        Block block = put(3000);
        await(repository.put(block));
        put(10_000);
        await(repository.get(block.cid())).ifPresent(Block::close);
        assertThat(await(repository.stat()).blocks()).isEqualTo(2);
        assertThat(await(repository.stat()).liveBytes()).isEqualTo(13_000);
        assertThat(await(repository.stat()).diskBytes()).isGreaterThanOrEqualTo(13_000);
        assertThat(await(repository.stat()).maxBytes()).isEqualTo(Long.MAX_VALUE);
        RepositoryCounters counters = repository.counters();
        assertThat(counters.writes()).isEqualTo(2);
        assertThat(counters.writtenBytes()).isEqualTo(13_000);
        assertThat(counters.duplicates()).isEqualTo(1);
        assertThat(counters.reads()).isEqualTo(1);
        assertThat(counters.readBytes()).isEqualTo(3000);
    }
}
