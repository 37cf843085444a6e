package io.kafila.dag.unixfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.Cursor;
import io.kafila.blockstore.DirectReads;
import io.kafila.blockstore.exchange.BlockNotFoundException;
import io.kafila.blockstore.exchange.BlockSource;
import io.kafila.dag.PbLink;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multicodec;
import io.kafila.multiformats.Payload;
import io.kafila.testkit.Seed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnixfsReadTest {
    private final TestRepository store = new TestRepository();

    private UnixfsFile open(Cid cid) {
        return Nodes.get(UnixfsFile.open(store.source(), cid));
    }

    static byte[] drain(Cursor<Payload> cursor, int limit) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (cursor) {
            for (List<Payload> next = Nodes.get(cursor.next(limit));
                    !next.isEmpty();
                    next = Nodes.get(cursor.next(limit))) {
                for (Payload payload : next) {
                    out.writeBytes(payload.toByteArray());
                    payload.close();
                }
            }
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--chunker=size-1000 --max-file-links=3",
                "--chunker=size-1000 --max-file-links=3 --trickle",
                "--chunker=size-40 --inline --inline-limit=64 --max-file-links=5",
                "--chunker=rabin-16-24-32 --raw-leaves --max-file-links=20",
                "--chunker=size-262144",
                "--chunker=size-100000 --mode=0644"
            })
    void read_anyRange_isTheFiles(String flags) {
        ImportOptions options =
                AddFlags.parse("unixfs-v0-2015", List.of(flags.split(" "))).options();
        for (int size : new int[] {0, 1, 63, 30_000}) {
            byte[] bytes = Inputs.stream("read", size);
            try (UnixfsFile file = open(Inputs.addFile(store, options, bytes).cid())) {
                assertThat(file.sizeBytes()).isEqualTo(size);
                assertThat(drain(file.read(0, Long.MAX_VALUE), 7)).isEqualTo(bytes);
                Seed.each(30, random -> {
                    int from = random.nextInt(size + 2);
                    int length = random.nextInt(size + 10);
                    int to = Math.min(size, from + length);
                    byte[] expected = from >= size ? new byte[0] : Arrays.copyOfRange(bytes, from, to);
                    assertThat(drain(file.read(from, length), 1 + random.nextInt(5)))
                            .isEqualTo(expected);
                });
            }
        }
    }

    @Test
    void channel_randomPositions_readTheFile() throws IOException {
        byte[] bytes = Inputs.stream("channel", 500_000);
        ImportOptions options =
                ImportOptions.defaults().withChunker("size-3000").withMaxFileLinks(9);
        try (UnixfsFile file = open(Inputs.addFile(store, options, bytes).cid());
                SeekableByteChannel channel = file.channel()) {
            assertThat(channel.size()).isEqualTo(500_000);
            Seed.each(60, random -> {
                try {
                    int from = random.nextInt(bytes.length);
                    ByteBuffer target = ByteBuffer.allocate(1 + random.nextInt(20_000));
                    int length = channel.position(from).read(target);
                    assertThat(length).isEqualTo(Math.min(target.capacity(), bytes.length - from));
                    assertThat(channel.position()).isEqualTo(from + length);
                    assertThat(Arrays.copyOf(target.array(), length))
                            .isEqualTo(Arrays.copyOfRange(bytes, from, from + length));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(channel.position(bytes.length).read(ByteBuffer.allocate(1)))
                    .isEqualTo(-1);
            assertThat(channel.position(bytes.length + 10L).read(ByteBuffer.allocate(1)))
                    .isEqualTo(-1);
            assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1)))
                    .isInstanceOf(NonWritableChannelException.class);
            channel.close();
            assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
        }
    }

    /** Reads what is asked of it, when it likes to; where it is not allowed to wait it likes to seldom. */
    private final class Whimsical implements DirectReads {
        final Random random;
        int done;

        Whimsical(Random random) {
            this.random = random;
        }

        @Override
        public boolean read(Range range, ByteBuffer into, Patience patience) {
            if (random.nextInt(patience == Patience.MEMORY ? 4 : 2) > 0) {
                return false;
            }
            byte[] block = store.find(range.cid()).orElseThrow().payload().toByteArray();
            assertThat(block).hasSize(range.blockBytes());
            into.put(block, range.offset(), range.length());
            done++;
            return true;
        }
    }

    @Test
    void channel_partlyFromMemory_readsTheFile() {
        byte[] bytes = Inputs.stream("partly", 3_000_000);
        Cid cid = Inputs.addFile(
                        store,
                        ImportOptions.defaults().withChunker("size-30000").withMaxFileLinks(9),
                        bytes)
                .cid();
        Seed.forAll(30, random -> {
            Whimsical reads = new Whimsical(random);
            try (UnixfsFile file = Nodes.get(UnixfsFile.open(store.source(reads), cid));
                    SeekableByteChannel channel = file.channel()) {
                int at = 0;
                for (int i = 0; i < 100; i++) {
                    if (random.nextInt(3) == 0) {
                        at = random.nextInt(bytes.length);
                        channel.position(at);
                    }
                    ByteBuffer target = ByteBuffer.allocate(1 + random.nextInt(random.nextBoolean() ? 1000 : 200_000));
                    int length = channel.read(target);

                    assertThat(length)
                            .isEqualTo(at == bytes.length ? -1 : Math.min(target.capacity(), bytes.length - at));
                    assertThat(Arrays.copyOf(target.array(), Math.max(0, length)))
                            .isEqualTo(Arrays.copyOfRange(bytes, at, at + Math.max(0, length)));
                    at += Math.max(0, length);
                }
                assertThat(reads.done).isPositive();
            }
        });
    }

    @Test
    void channel_fromMemory_asksForNoLeaf() throws IOException {
        byte[] bytes = Inputs.stream("memory", 1_000_000);
        Cid cid = Inputs.addFile(store, ImportOptions.defaults().withChunker("size-100000"), bytes)
                .cid();
        DirectReads all = (range, into, patience) -> {
            into.put(store.find(range.cid()).orElseThrow().payload().toByteArray(), range.offset(), range.length());
            return true;
        };
        try (UnixfsFile file = Nodes.get(UnixfsFile.open(store.source(all), cid));
                SeekableByteChannel channel = file.channel()) {
            store.gets.set(0);
            ByteBuffer target = ByteBuffer.allocate(350_000);
            channel.position(250_000).read(target);
            channel.read(target.clear());

            assertThat(target.array()).isEqualTo(Arrays.copyOfRange(bytes, 600_000, 950_000));
            assertThat(store.gets).hasValue(0);
        }
    }

    @Test
    void channel_lieOfAParent_isRefusedFromMemoryToo() {
        Nodes nodes = new Nodes(store);
        Cid leaf = nodes.raw(new byte[10]);
        Cid file = nodes.file(List.of(new PbLink(leaf, "", 10)), List.of(11L), 11);
        DirectReads checked = (range, into, patience) ->
                range.blockBytes() == store.find(range.cid()).orElseThrow().sizeBytes();
        UnixfsFile wrong = Nodes.get(UnixfsFile.open(store.source(checked), file));

        assertThatThrownBy(() -> wrong.channel().read(ByteBuffer.allocate(11)))
                .isInstanceOf(IOException.class)
                .hasCauseInstanceOf(UnixfsException.class);
        wrong.close();
    }

    @Test
    void channel_smallReads_costOneBlockEach() throws IOException {
        byte[] bytes = Inputs.stream("small", 3_000_000);
        ImportOptions options =
                ImportOptions.defaults().withChunker("size-1000000").withMaxFileLinks(2);
        try (UnixfsFile file = open(Inputs.addFile(store, options, bytes).cid());
                SeekableByteChannel channel = file.channel()) {
            channel.position(10).read(ByteBuffer.allocate(10));
            store.gets.set(0);
            channel.position(1_000_010).read(ByteBuffer.allocate(10));

            assertThat(store.gets).hasValue(1);
        }
    }

    @Test
    void channel_readElsewhere_asksForItsBlocksAlone_andOneThatGoesOnReadsAhead() throws IOException {
        byte[] bytes = Inputs.stream("exact", 1_000_000);
        ImportOptions options = ImportOptions.defaults().withChunker("size-10000");
        try (UnixfsFile file = open(Inputs.addFile(store, options, bytes).cid());
                SeekableByteChannel channel = file.channel()) {
            store.gets.set(0);
            ByteBuffer target = ByteBuffer.allocate(20_000);
            channel.position(305_000).read(target);

            assertThat(target.array()).isEqualTo(Arrays.copyOfRange(bytes, 305_000, 325_000));
            assertThat(store.gets).hasValue(3);
            channel.read(target.clear());

            assertThat(target.array()).isEqualTo(Arrays.copyOfRange(bytes, 325_000, 345_000));
            assertThat(store.gets).hasValueGreaterThan(20);
        }
    }

    @Test
    void read_blocksAhead_withinTheBudget() {
        byte[] bytes = Inputs.stream("ahead", 100_000);
        Cid cid = Inputs.addFile(store, ImportOptions.defaults().withChunker("size-1000"), bytes)
                .cid();
        SlowSource slow = new SlowSource();
        CompletableFuture<UnixfsFile> opening = UnixfsFile.open(slow, cid, 10_000);
        slow.answer(1);
        UnixfsFile file = Nodes.get(opening);
        Cursor<Payload> cursor = file.read(0, Long.MAX_VALUE);
        CompletableFuture<List<Payload>> first = cursor.next(100);

        assertThat(slow.asked).hasSize(10);
        assertThat(first).isNotDone();
        slow.answer(3);
        assertThat(first).isCompletedWithValueMatching(found -> found.size() <= 3);
        cursor.close();
        assertThat(slow.asked.values()).allMatch(CompletableFuture::isDone);
        first.join().forEach(Payload::close);
        file.close();
        file.close();
    }

    @Test
    void read_blockAbsent_failsWithItsCid() {
        byte[] bytes = Inputs.stream("absent", 5000);
        Cid cid = Inputs.addFile(store, ImportOptions.defaults().withChunker("size-1000"), bytes)
                .cid();
        store.blocks.remove(HashFunction.SHA2_256.digest(Arrays.copyOfRange(bytes, 2000, 3000)));
        UnixfsFile file = open(cid);

        assertThat(drain(file.read(0, 2000), 1)).hasSize(2000);
        assertThatThrownBy(() -> drain(file.read(0, 3000), 1)).isInstanceOf(BlockNotFoundException.class);
        assertThatThrownBy(() -> file.channel().position(2500).read(ByteBuffer.allocate(1)))
                .isInstanceOf(IOException.class)
                .hasCauseInstanceOf(BlockNotFoundException.class);
        file.close();
    }

    @Test
    void read_liesOfAParent_refused() {
        Nodes nodes = new Nodes(store);
        Cid leaf = nodes.raw(new byte[10]);
        Cid file = nodes.file(List.of(new PbLink(leaf, "", 10)), List.of(11L), 11);
        UnixfsFile wrong = open(file);
        assertThatThrownBy(() -> drain(wrong.read(0, 11), 1))
                .isInstanceOf(UnixfsException.class)
                .hasMessageContaining("10 bytes of a file, want the 11 that its parent tells");

        Cid directory = nodes.put(List.of(), UnixfsData.of(UnixfsType.DIRECTORY));
        UnixfsFile odd = open(nodes.file(List.of(new PbLink(directory, "", 10)), List.of(10L), 10));
        assertThatThrownBy(() -> drain(odd.read(0, 10), 1)).hasMessageContaining("a DIRECTORY node in a file");
    }

    @Test
    void open_badNodes_refused() {
        Nodes nodes = new Nodes(store);
        PbLink link = new PbLink(nodes.raw(new byte[10]), "", 10);
        PbLink named = new PbLink(link.cid(), "x", 10);
        Map<Cid, String> bad = new LinkedHashMap<>();
        bad.put(nodes.file(List.of(link), List.of(), 0), "0 blocksizes for 1 links, want one for each");
        bad.put(nodes.file(List.of(), List.of(5L), 5), "1 blocksizes for 0 links");
        bad.put(nodes.file(List.of(named), List.of(10L), 10), "a chunk with the name \"x\", want no name");
        bad.put(nodes.file(List.of(link), List.of(10L), 12), "a filesize of 12 bytes, want the sum");
        bad.put(
                nodes.file(List.of(link, link), List.of(Long.MAX_VALUE, 5L), 4),
                "a file of 2^63 bytes or more, want less");
        bad.put(nodes.put(List.of(), UnixfsData.of(UnixfsType.METADATA)), "a node of type metadata");
        bad.put(nodes.put(List.of(), UnixfsData.of(UnixfsType.DIRECTORY)), "is a directory, want a file");
        bad.put(
                nodes.put(List.of(), UnixfsData.of(UnixfsType.SYMLINK).withData(ByteBuffer.wrap(new byte[1]))),
                "is a symlink, want a file");
        bad.put(nodes.bytes(Multicodec.DAG_PB, new byte[0]), "a node without data, want UnixFS data");
        bad.put(nodes.bytes(Multicodec.DAG_PB, new byte[] {0x0a, 5, 8}), "unixfs: block");
        bad.put(nodes.bytes(Multicodec.DAG_CBOR, new byte[] {(byte) 0xa0}), "has codec 0x71, want raw or dag-pb");
        bad.forEach((cid, message) -> assertThatThrownBy(() -> open(cid))
                .isInstanceOf(UnixfsException.class)
                .hasMessageContaining(message)
                .hasMessageContaining(cid.toString()));
    }

    @Test
    void read_chainOfNodes_stopsAtTheDepthLimit() {
        Nodes nodes = new Nodes(store);
        Cid cid = nodes.raw(new byte[10]);
        for (int level = 0; level < 200; level++) {
            cid = nodes.file(List.of(new PbLink(cid, "", 10)), List.of(10L), 10);
        }
        UnixfsFile file = open(cid);
        assertThatThrownBy(() -> drain(file.read(0, 10), 1)).hasMessageContaining("a file deeper than 128 levels");
    }

    @Test
    void read_fewBlocksThatClaimExabytes_holdsFewPieces() {
        Nodes nodes = new Nodes(store);
        Cid cid = nodes.raw(new byte[1000]);
        long size = 1000;
        for (int level = 0; level < 5; level++) {
            List<PbLink> links = new ArrayList<>();
            List<Long> sizes = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                links.add(new PbLink(cid, "", 1));
                sizes.add(size);
            }
            size *= 1000;
            cid = nodes.file(links, sizes, size);
        }
        UnixfsFile file = open(cid);
        assertThat(file.sizeBytes()).isEqualTo(1_000_000_000_000_000_000L);
        assertThat(drain(file.read(999_999_999_999_999_000L, 1000), 10)).hasSize(1000);
        Cursor<Payload> cursor = file.read(0, Long.MAX_VALUE);
        for (int i = 0; i < 100; i++) {
            Nodes.get(cursor.next(50)).forEach(Payload::close);
        }
        cursor.close();
    }

    @Test
    void read_tooManyPieces_refused() {
        Nodes nodes = new Nodes(store);
        Cid leaf = nodes.raw(new byte[1]);
        Cid cid = leaf;
        long size = 1;
        for (int level = 0; level < 7; level++) {
            List<PbLink> links = new ArrayList<>(List.of(new PbLink(cid, "", 0)));
            List<Long> sizes = new ArrayList<>(List.of(size));
            for (int i = 1; i < 40_000; i++) {
                links.add(new PbLink(leaf, "", 0));
                sizes.add(1L);
            }
            size += 39_999;
            cid = nodes.file(links, sizes, size);
        }
        UnixfsFile file = open(cid);
        assertThatThrownBy(() -> drain(file.read(0, file.sizeBytes()), 1))
                .isInstanceOf(UnixfsException.class)
                .hasMessageContaining("more than 262144 pieces of a file at once");
    }

    @Test
    void read_tinyChunks_areNotAskedForAllAtOnce() {
        byte[] bytes = Inputs.stream("tiny", 50_000);
        ImportOptions options = ImportOptions.defaults().withChunker("size-1");
        UnixfsFile file = open(Inputs.addFile(store, options, bytes).cid());
        Cursor<Payload> cursor = file.read(0, 50_000);
        store.gets.set(0);
        Nodes.get(cursor.next(1)).forEach(Payload::close);
        assertThat(store.gets.get()).isLessThan(4200);
        assertThat(drain(cursor, 1000)).isEqualTo(Arrays.copyOfRange(bytes, 1, 50_000));
    }

    @Test
    void stat_eachKind_asKubo() {
        Nodes nodes = new Nodes(store);
        Imported file =
                Inputs.addFile(store, ImportOptions.defaults().withChunker("size-1000"), Inputs.stream("stat", 2500));
        UnixfsStat stat = Nodes.get(Unixfs.stat(store.source(), file.cid()));
        assertThat(stat.type()).isEqualTo(UnixfsType.FILE);
        assertThat(stat.sizeBytes()).isEqualTo(2500);
        assertThat(stat.cumulativeSizeBytes()).isEqualTo(file.sizeBytes());
        assertThat(stat.blocks()).isEqualTo(3);

        Cid link = nodes.put(
                List.of(),
                UnixfsData.of(UnixfsType.SYMLINK).withData(ByteBuffer.wrap("../x".getBytes(StandardCharsets.UTF_8))));
        assertThat(Nodes.get(Unixfs.stat(store.source(), link)).target()).contains("../x");

        Cid inlined = Cid.v1(Multicodec.RAW, HashFunction.IDENTITY.digest(new byte[] {1, 2}));
        assertThat(Nodes.get(Unixfs.stat(store.source(), inlined)).sizeBytes()).isEqualTo(2);
        assertThat(store.blocks).doesNotContainKey(inlined.multihash());
    }

    /** Answers when it is told to. */
    private final class SlowSource implements BlockSource {
        final Map<Cid, CompletableFuture<Block>> asked = new LinkedHashMap<>();

        @Override
        public CompletableFuture<Block> get(Cid cid) {
            return asked.computeIfAbsent(cid, ignored -> new CompletableFuture<>());
        }

        void answer(int count) {
            for (Cid cid : List.copyOf(asked.keySet()).subList(0, count)) {
                CompletableFuture<Block> block = asked.remove(cid);
                block.complete(store.find(cid).orElseThrow());
            }
        }

        @Override
        public void close() {}
    }
}
