package io.kafila.dag.unixfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.blockstore.Cursor;
import io.kafila.blockstore.exchange.BlockNotFoundException;
import io.kafila.dag.DagException;
import io.kafila.dag.DagPbNode;
import io.kafila.dag.PbLink;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multicodec;
import io.kafila.multiformats.Multihash;
import io.kafila.testkit.Seed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnixfsDirectoryTest {
    private final TestRepository store = new TestRepository();
    private final Nodes nodes = new Nodes(store);

    private <T> List<T> drain(Cursor<T> cursor, int limit) {
        List<T> all = new ArrayList<>();
        try (cursor) {
            for (List<T> next = Nodes.get(cursor.next(limit)); !next.isEmpty(); next = Nodes.get(cursor.next(limit))) {
                assertThat(next).hasSizeLessThanOrEqualTo(limit);
                all.addAll(next);
            }
        }
        return all;
    }

    private List<DirectoryEntry> list(Cid cid, int limit) {
        return drain(UnixfsDirectory.list(store.source(), cid), limit);
    }

    private List<TreeEntry> tree(Cid cid, int limit) {
        return drain(Unixfs.tree(store.source(), cid), limit);
    }

    @ParameterizedTest
    @CsvSource({"0, 8, 0", "1, 8, 1", "300, 8, 1", "300, 16, 3", "300, 256, 0", "300, 1024, 5", "3000, 256, 1"})
    void listAndLookup_everyEntry_isFound(int count, int fanout, int maxLinks) {
        ImportOptions options =
                ImportOptions.defaults().withMaxHamtFanout(fanout).withMaxDirectoryLinks(maxLinks);
        List<Imported> heard = Inputs.add(store, options, Inputs.flat("d", count, 12, 0));
        Imported directory = heard.get(count);
        List<DirectoryEntry> entries = list(directory.cid(), 7);

        assertThat(Nodes.get(Unixfs.stat(store.source(), directory.cid())).type())
                .isEqualTo(maxLinks > 0 && count > maxLinks ? UnixfsType.HAMT_SHARD : UnixfsType.DIRECTORY);
        assertThat(entries).extracting(DirectoryEntry::name).doesNotHaveDuplicates();
        assertThat(entries).hasSize(count);
        for (DirectoryEntry entry : entries) {
            assertThat(Nodes.get(UnixfsDirectory.lookup(store.source(), directory.cid(), entry.name())))
                    .contains(entry.cid());
        }
        assertThat(Nodes.get(UnixfsDirectory.lookup(store.source(), directory.cid(), "absent")))
                .isEmpty();
        assertThat(Nodes.get(UnixfsDirectory.lookup(store.source(), directory.cid(), "")))
                .isEmpty();
    }

    @Test
    void listAndLookup_notADirectory_refused() {
        Cid file = nodes.raw(new byte[3]);
        assertThatThrownBy(() -> list(file, 1)).hasMessage("unixfs: " + file + " is a file, want a directory");
        assertThatThrownBy(() -> Nodes.get(UnixfsDirectory.lookup(store.source(), file, "x")))
                .hasMessage("unixfs: " + file + " is a file, want a directory");
    }

    @Test
    void list_badShards_refused() {
        Cid file = nodes.raw(new byte[3]);
        PbLink any = new PbLink(file, "00x", 3);
        Map<Cid, String> bad = new LinkedHashMap<>();
        bad.put(nodes.shard(List.of(any), 256), "1 links for 0 bits, want one for each");
        bad.put(nodes.shard(List.of(any), 256, 3), "a bitfield with more bits than the 1 links");
        bad.put(nodes.shard(List.of(any), 256, 2), "with the name \"00x\", want one that begins with 01");
        bad.put(nodes.shard(List.of(any), 8, 0, 1), "a bitfield of 2 bytes, want at most 1");
        bad.put(nodes.shard(List.of(new PbLink(file, "0", 3)), 256, 1), "want one that begins with 00");
        bad.put(nodes.shard(List.of(any), 256, 1), "the entry \"x\", want it where its hash says");
        bad.put(nodes.shard(List.of(new PbLink(file, "00", 3)), 256, 1), "a RAW node in a sharded directory");
        Cid empty = nodes.shard(List.of(), 256);
        bad.put(nodes.shard(List.of(new PbLink(empty, "00", 3)), 256, 1), "an empty shard, want at least one entry");
        Cid narrow = nodes.shard(List.of(new PbLink(file, "0x", 3)), 8, 1);
        bad.put(
                nodes.shard(List.of(new PbLink(narrow, "00", 3)), 256, 1),
                "a shard with fanout 8, want 256 as above it");
        bad.put(
                nodes.put(List.of(), UnixfsData.of(UnixfsType.HAMT_SHARD).withShard(0x12, 256)),
                "a shard with hash function 0x12, want murmur3-x64-64");
        bad.put(
                nodes.put(
                        List.of(),
                        new UnixfsData(
                                UnixfsType.HAMT_SHARD,
                                Optional.empty(),
                                OptionalLong.empty(),
                                List.of(),
                                OptionalLong.of(0x22),
                                OptionalInt.empty(),
                                OptionalInt.empty(),
                                Optional.empty())),
                "a shard without fanout");
        bad.forEach((cid, message) -> assertThatThrownBy(() -> list(cid, 3))
                .isInstanceOf(UnixfsException.class)
                .hasMessageContaining(message));
        assertThat(list(empty, 1)).isEmpty();
    }

    @Test
    void list_shardsThatRepeatOneAnother_stopAtOnce() {
        Cid cid = nodes.shard(List.of(new PbLink(nodes.raw(new byte[1]), "00x", 1)), 256, 1);
        for (int level = 0; level < 12; level++) {
            int[] bits = IntStream.range(0, 32).map(i -> 0xff).toArray();
            List<PbLink> links = new ArrayList<>();
            for (int slot = 0; slot < 256; slot++) {
                links.add(new PbLink(cid, String.format("%02X", slot), 1));
            }
            cid = nodes.shard(links, 256, bits);
        }
        Cid bomb = cid;
        store.gets.set(0);
        assertThatThrownBy(() -> list(bomb, 1000)).isInstanceOf(UnixfsException.class);
        assertThat(store.gets.get()).isLessThan(1000);
        assertThatThrownBy(() -> Nodes.get(UnixfsDirectory.lookup(store.source(), bomb, "name")))
                .hasMessageContaining("a shard at level 8, want no more than the hash has bits for");
    }

    @Test
    void tree_directoriesBeforeWhatIsInThem() {
        List<Imported> heard = Inputs.add(
                store,
                ImportOptions.defaults().withMaxDirectoryLinks(2),
                List.of(
                        Inputs.directory("t"),
                        Inputs.file("t/a/1", new byte[10]),
                        Inputs.file("t/a/b/2", new byte[3_000_000]),
                        Inputs.symlink("t/l", "../../etc/passwd"),
                        Inputs.file("t/z", new byte[0]),
                        Inputs.directory("t/y")));
        Cid root = heard.get(heard.size() - 1).cid();
        for (int limit : new int[] {1, 3, 100}) {
            List<TreeEntry> entries = tree(root, limit);
            Map<String, String> seen = new LinkedHashMap<>();
            entries.forEach(entry -> seen.put(
                    entry.path(),
                    entry.kind()
                            + entry.file().map(file -> " " + file.sizeBytes()).orElse("")
                            + entry.target().map(target -> " " + target).orElse("")));
            entries.forEach(TreeEntry::close);

            assertThat(seen)
                    .containsEntry("", "DIRECTORY")
                    .containsEntry("a", "DIRECTORY")
                    .containsEntry("a/1", "FILE 10")
                    .containsEntry("a/b/2", "FILE 3000000")
                    .containsEntry("l", "SYMLINK ../../etc/passwd")
                    .containsEntry("z", "FILE 0")
                    .hasSize(8);
            List<String> order = List.copyOf(seen.keySet());
            assertThat(order.indexOf("a")).isLessThan(order.indexOf("a/b")).isLessThan(order.indexOf("a/1"));
            assertThat(order.indexOf("a/b")).isLessThan(order.indexOf("a/b/2"));
        }
        assertThat(tree(nodes.raw(new byte[2]), 5))
                .hasSize(1)
                .allMatch(entry -> entry.path().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"'', ''", "., .", "., ..", "/, /etc/passwd", "a, ../../x", "x, a/b"})
    void tree_unsafeNames_refused(String ignored, String name) {
        assertThatThrownBy(() -> tree(directoryWith(name), 10))
                .isInstanceOf(UnixfsException.class)
                .hasMessageContaining("has an entry named \"" + name + "\", want a name that is safe to write");
    }

    @Test
    void tree_nulInAName_refused() {
        assertThatThrownBy(() -> tree(directoryWith("a\0b"), 10)).hasMessageContaining("named \"a\\0b\"");
    }

    @Test
    void tree_tooDeep_refused() {
        Cid cid = directoryWith("x");
        for (int level = 0; level < Unixfs.MAX_TREE_DEPTH; level++) {
            cid = nodes.put(List.of(new PbLink(cid, "d", 1)), UnixfsData.of(UnixfsType.DIRECTORY));
        }
        Cid deep = cid;
        assertThatThrownBy(() -> tree(deep, 10_000)).hasMessageContaining("a tree deeper than 1024 directories");
    }

    private Cid directoryWith(String name) {
        return nodes.put(List.of(new PbLink(nodes.raw(new byte[1]), name, 1)), UnixfsData.of(UnixfsType.DIRECTORY));
    }

    /** Any change of any block ends in an answer or in an error of this module, soon. */
    @Test
    void mutatedBlocks_neverDoWorseThanFail() {
        ImportOptions options =
                ImportOptions.defaults().withMaxDirectoryLinks(3).withMaxHamtFanout(8);
        List<ImportEntry> entries = new ArrayList<>(Inputs.flat("d", 40, 8, 0));
        entries.add(Inputs.file("d/big", Inputs.stream("fuzz", 3000)));
        Cid root = Inputs.add(store, options.withChunker("size-100").withMaxFileLinks(3), entries)
                .get(41)
                .cid();
        List<Multihash> keys = List.copyOf(store.blocks.keySet());
        int[] outcomes = new int[2];
        Seed.each(Integer.getInteger("kafila.fuzz", 2000), random -> {
            Multihash key = keys.get(random.nextInt(keys.size()));
            byte[] sound = store.blocks.get(key);
            byte[] broken = sound.clone();
            for (int i = 0; i <= random.nextInt(3); i++) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt();
            }
            store.blocks.put(key, broken);
            store.gets.set(0);
            try {
                for (TreeEntry entry : tree(root, 5)) {
                    try (entry) {
                        entry.file()
                                .ifPresent(file ->
                                        UnixfsReadTest.drain(file.read(0, Math.min(10_000, file.sizeBytes())), 3));
                    }
                }
                Nodes.get(UnixfsDirectory.lookup(store.source(), root, "000007nn"));
                outcomes[0]++;
            } catch (DagException | BlockNotFoundException e) {
                outcomes[1]++;
            } finally {
                store.blocks.put(key, sound);
            }
            assertThat(store.gets.get()).isLessThan(2000);
        });
        assertThat(outcomes).doesNotContain(0);
    }

    @Test
    void shardOfTheImporter_goldenBytes() {
        List<Imported> heard = Inputs.add(
                store,
                ImportOptions.defaults().withMaxDirectoryLinks(1).withMaxHamtFanout(8),
                List.of(Inputs.file("d/a", new byte[0]), Inputs.file("d/b", new byte[0])));
        DagPbNode node = DagPbNode.decode(
                ByteBuffer.wrap(store.blocks.get(heard.get(2).cid().multihash())));

        assertThat(heard.get(2).cid().codec()).isEqualTo(Multicodec.DAG_PB.code());
        assertThat(UnixfsData.decode(node.data().orElseThrow()).fanout()).hasValue(8);
        assertThat(node.links()).extracting(link -> link.name().substring(1)).containsExactlyInAnyOrder("a", "b");
    }
}
