package io.kafila.dag.car;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.blockstore.Block;
import io.kafila.dag.CodecException;
import io.kafila.dag.DagException;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.Payload;
import io.kafila.multiformats.Varint;
import io.kafila.testkit.Seed;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CarReaderTest {
    private static final Cid ROOT = Cid.parse("bafkqabiaaebagba");
    private static final byte[] EMPTY = write(List.of());

    @TempDir
    Path folder;

    @Test
    void writeAndRead_anyBlocks_areTheSameInBothVersions() {
        ExecutorService workers = Executors.newFixedThreadPool(3);
        try {
            Seed.each(40, random -> {
                List<Block> blocks = blocks(random, random.nextInt(60), 1 << random.nextInt(18));
                CarReadOptions options = CarReadOptions.DEFAULT.withBatchBytes(1 + random.nextInt(1 << 20));
                byte[] v1 = write(blocks);
                check(v1, 1, blocks, options, workers, random);
                Optional<CarIndex.Format> format = random.nextInt(3) == 0
                        ? Optional.empty()
                        : Optional.of(CarIndex.Format.values()[random.nextInt(2)]);
                byte[] v2 = writeV2(blocks, format);
                check(v2, 2, blocks, options, workers, random);
                format.ifPresent(wanted -> checkIndex(v2, blocks, wanted));
            });
        } finally {
            workers.shutdownNow();
        }
    }

    private static void check(
            byte[] archive,
            int version,
            List<Block> blocks,
            CarReadOptions options,
            ExecutorService workers,
            Random random) {
        ReadableByteChannel channel = new DribblingChannel(archive, random);
        try (CarReader reader = CarReader.open(channel, options, workers, workers)) {
            assertThat(reader.version()).isEqualTo(version);
            assertThat(reader.roots()).containsExactly(ROOT);
            List<Block> seen = new ArrayList<>();
            while (true) {
                int limit = 1 + random.nextInt(20);
                List<Block> batch = random.nextBoolean()
                        ? reader.read(limit)
                        : reader.next(limit).join();
                if (batch.isEmpty()) {
                    break;
                }
                assertThat(batch.size()).isLessThanOrEqualTo(limit);
                seen.addAll(batch);
            }
            // Blocks stay good while others are read, and after the reader is closed.
            reader.close();
            assertThat(seen).hasSameSizeAs(blocks);
            for (int i = 0; i < seen.size(); i++) {
                assertThat(seen.get(i).cid()).isEqualTo(blocks.get(i).cid());
                assertThat(seen.get(i).payload().toByteArray())
                        .isEqualTo(blocks.get(i).payload().toByteArray());
                seen.get(i).close();
            }
        }
    }

    private static void checkIndex(byte[] archive, List<Block> blocks, CarIndex.Format format) {
        CarV2Header header = CarV2Header.read(ByteBuffer.wrap(archive).position(CarV2Header.PRAGMA_BYTES));
        CarIndex index = CarIndex.decode(ByteBuffer.wrap(archive).position((int) header.indexOffset()));
        assertThat(index.format()).isEqualTo(format);
        assertThat(index.size()).isEqualTo(blocks.size());
        for (Block block : blocks) {
            Multihash multihash = block.cid().multihash();
            assertThat(index.offsets(multihash)).isNotEmpty().allSatisfy(offset -> {
                ByteBuffer section = ByteBuffer.wrap(archive).position((int) (header.dataOffset() + offset));
                Varint.read(section);
                assertThat(Cid.read(section).multihash()).isEqualTo(multihash);
            });
        }
    }

    @Test
    void corruptBlock_failsAfterThoseBeforeIt() {
        List<Block> blocks = blocks(new Seed(3).random(), 10, 1000);
        byte[] archive = write(blocks);
        archive[archive.length - 1] ^= 1;
        try (CarReader reader = open(archive, CarReadOptions.DEFAULT)) {
            List<Block> sound = reader.read(100);
            assertThat(sound).hasSize(9);
            sound.forEach(Block::close);
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> reader.read(1))
                        .isInstanceOf(CarException.class)
                        .hasMessage("car: block " + blocks.get(9).cid() + ": bytes that do not match the hash");
            }
        }
        try (CarReader reader = open(archive, CarReadOptions.DEFAULT.withVerify(false))) {
            assertThat(reader.read(100)).hasSize(10);
        }
    }

    @Test
    void hashThatCannotBeComputed_isAnError() {
        Cid cid = Cid.v1(0x55, Multihash.of(0x7777, new byte[32]));
        byte[] archive = write(List.of(new Block(cid, Payload.of(new byte[3]))));
        try (CarReader reader = open(archive, CarReadOptions.DEFAULT)) {
            assertThatThrownBy(() -> reader.read(1))
                    .isInstanceOf(CarException.class)
                    .hasMessageStartingWith("car: block " + cid + ": a hash that cannot be checked");
        }
    }

    @Test
    void emptyArchives_haveNoBlocks() {
        try (CarReader reader = open(EMPTY, CarReadOptions.DEFAULT)) {
            assertThat(reader.read(1)).isEmpty();
            assertThat(reader.next(1).join()).isEmpty();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CarWriter writer = CarWriter.v1(Channels.newChannel(out), List.of());
        writer.finish();
        writer.finish();
        assertThat(open(out.toByteArray(), CarReadOptions.DEFAULT).roots()).isEmpty();
        assertThatThrownBy(() -> writer.write(new Block(ROOT, Payload.empty())))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void limits_areCheckedBeforeAnythingIsRead() {
        List<Block> blocks = blocks(new Seed(5).random(), 1, 5000);
        byte[] archive = write(blocks);
        int section = blocks.get(0).sizeBytes() + blocks.get(0).cid().size();
        try (CarReader reader = open(archive, CarReadOptions.DEFAULT.withMaxSectionBytes(section - 1))) {
            assertThatThrownBy(() -> reader.read(1))
                    .hasMessage("car: byte " + EMPTY.length + ": section of " + section + " bytes, want at most "
                            + (section - 1));
        }
        assertThat(open(archive, CarReadOptions.DEFAULT.withMaxSectionBytes(section))
                        .read(1))
                .hasSize(1);
        assertThatThrownBy(() -> open(archive, CarReadOptions.DEFAULT.withMaxHeaderBytes(5)))
                .hasMessage("car: byte 0: header of " + (EMPTY.length - 1) + " bytes, want at most 5");
        assertThatThrownBy(() -> open(new byte[] {0}, CarReadOptions.DEFAULT))
                .hasMessageContaining("header of 0 bytes");
        assertThatThrownBy(() -> open(new byte[0], CarReadOptions.DEFAULT))
                .hasMessage("car: byte 0: end of the archive, want a header");
        byte[] endless = new byte[10];
        Arrays.fill(endless, (byte) 0xff);
        assertThatThrownBy(() -> open(endless, CarReadOptions.DEFAULT)).hasMessageContaining("more than 63 bits");
        assertThatThrownBy(() -> open(new byte[] {(byte) 0x81, 0}, CarReadOptions.DEFAULT))
                .hasMessageContaining("more bytes than needed");
    }

    @Test
    void headers_ofTheWrongShape_areRefused() {
        refusedHeader("a0", "header without a version");
        refusedHeader("80", "header without a version");
        refusedHeader("ff", "header that is no dag-cbor");
        refusedHeader("a16776657273696f6e01", "header without roots");
        refusedHeader("a265726f6f7473f66776657273696f6e01", "roots of kind NULL");
        refusedHeader("a265726f6f747381016776657273696f6e01", "root of kind INT");
        refusedHeader("a265726f6f7473806776657273696f6e03", "version 3");
        // Keys in any order are fine.
        byte[] loose = header("a26776657273696f6e0165726f6f747380");
        assertThat(open(loose, CarReadOptions.DEFAULT).roots()).isEmpty();
    }

    private static void refusedHeader(String hex, String seen) {
        assertThatThrownBy(() -> open(header(hex), CarReadOptions.DEFAULT))
                .isInstanceOf(CarException.class)
                .hasMessageStartingWith("car: byte 0: " + seen);
    }

    private static byte[] header(String hex) {
        byte[] body = java.util.HexFormat.of().parseHex(hex);
        return ByteBuffer.allocate(body.length + 1)
                .put((byte) body.length)
                .put(body)
                .array();
    }

    @Test
    void v2_placesThatMakeNoSense_areRefused() {
        byte[] v2 = writeV2(blocks(new Seed(9).random(), 2, 50), Optional.empty());
        refusedV2(v2, 27, 50, "data offset 50");
        refusedV2(v2, 27, -1, "data offset 18446744073709551615");
        refusedV2(v2, 35, 0, "data size 0");
        refusedV2(v2, 35, Long.MAX_VALUE, "data size 9223372036854775807");
        refusedV2(v2, 43, 60, "index offset 60");
        refusedV2(v2, 27, 1L << 40, "end of the archive, want data at byte 1099511627776");
        // A data size that ends inside of a section, and one beyond the end of the archive.
        for (long size : new long[] {EMPTY.length + 20, v2.length}) {
            byte[] bad = v2.clone();
            ByteBuffer.wrap(bad).order(java.nio.ByteOrder.LITTLE_ENDIAN).putLong(35, size);
            try (CarReader reader = open(bad, CarReadOptions.DEFAULT)) {
                assertThatThrownBy(() -> CarFixturesTest.drain(reader)).isInstanceOf(CarException.class);
            }
        }
    }

    private static void refusedV2(byte[] v2, int at, long value, String seen) {
        byte[] bad = v2.clone();
        ByteBuffer.wrap(bad).order(java.nio.ByteOrder.LITTLE_ENDIAN).putLong(at, value);
        assertThatThrownBy(() -> open(bad, CarReadOptions.DEFAULT))
                .isInstanceOf(CarException.class)
                .hasMessageContaining(seen);
    }

    @Test
    void cutAtEveryByte_isRefusedUnlessBetweenSections() {
        List<Block> blocks = blocks(new Seed(4).random(), 4, 40);
        byte[] archive = write(blocks);
        List<Integer> ends = new ArrayList<>();
        for (int i = 0; i <= blocks.size(); i++) {
            ends.add(write(blocks.subList(0, i)).length);
        }
        for (int length = 0; length < archive.length; length++) {
            byte[] cut = Arrays.copyOf(archive, length);
            if (ends.contains(length)) {
                assertThat(CarFixturesTest.drain(open(cut, CarReadOptions.DEFAULT)))
                        .hasSize(ends.indexOf(length));
            } else {
                assertThatThrownBy(() -> CarFixturesTest.drain(open(cut, CarReadOptions.DEFAULT)))
                        .as("%s bytes", length)
                        .isInstanceOf(CarException.class);
            }
        }
        byte[] v2 = writeV2(blocks, Optional.empty());
        for (int length = 0; length < v2.length; length++) {
            byte[] cut = Arrays.copyOf(v2, length);
            assertThatThrownBy(() -> CarFixturesTest.drain(open(cut, CarReadOptions.DEFAULT)))
                    .as("%s bytes of version 2", length)
                    .isInstanceOf(CarException.class);
        }
    }

    @Test
    void rubbish_neverMoreThanADagException() {
        List<Block> blocks = blocks(new Seed(6).random(), 5, 60);
        List<byte[]> corpus = List.of(
                write(blocks),
                writeV2(blocks, Optional.of(CarIndex.Format.SORTED)),
                writeV2(blocks, Optional.of(CarIndex.Format.MULTIHASH_SORTED)));
        Seed.each(Integer.getInteger("kafila.runs", 5_000), random -> {
            byte[] bytes = mutate(corpus.get(random.nextInt(corpus.size())), random);
            try (CarReader reader = open(bytes, CarReadOptions.DEFAULT.withBatchBytes(64))) {
                assertThat(CarFixturesTest.drain(reader).size()).isLessThanOrEqualTo(bytes.length);
            } catch (CarException e) {
                assertThat(e.getMessage()).startsWith("car: ");
            }
            int at = random.nextInt(bytes.length + 1);
            try {
                CarIndex index = CarIndex.decode(ByteBuffer.wrap(bytes).position(at));
                blocks.forEach(block -> index.offsets(block.cid().multihash()));
            } catch (CarException e) {
                assertThat(e.getMessage()).startsWith("car: ");
            }
        });
    }

    private static byte[] mutate(byte[] bytes, Random random) {
        byte[] mutated = bytes.clone();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(mutated, 1 + random.nextInt(mutated.length)) : mutated;
    }

    @Test
    void largeArchive_isReadInBoundedMemory() {
        // A long stream, of which a consumer that closes its blocks holds one batch.
        byte[] content = new byte[1 << 20];
        Cid cid = Cid.v1(0x55, HashFunction.SHA2_256.digest(content));
        byte[] whole = write(List.of(new Block(cid, Payload.of(content))));
        byte[] section = Arrays.copyOfRange(whole, EMPTY.length, whole.length);
        int count = Integer.getInteger("kafila.car.mib", 256);
        ReadableByteChannel channel = new RepeatingChannel(EMPTY, section, count);
        try (CarReader reader =
                CarReader.open(channel, CarReadOptions.DEFAULT.withVerify(false), Runnable::run, Runnable::run)) {
            int blocks = 0;
            while (true) {
                List<Block> batch = reader.read(1000);
                if (batch.isEmpty()) {
                    break;
                }
                blocks += batch.size();
                assertThat(batch.size()).isLessThanOrEqualTo(4);
                assertThat(batch.get(0).payload().buffer().isDirect()).isTrue();
                batch.forEach(Block::close);
            }
            assertThat(blocks).isEqualTo(count);
        }
    }

    @Test
    void consumerThatKeepsItsBlocks_getsHeapBuffersInTheEnd() {
        BufferPool pool = new BufferPool(1024);
        List<ByteBuffer> taken = new ArrayList<>();
        for (int i = 0; i < BufferPool.MAX_DIRECT; i++) {
            taken.add(pool.take(1));
        }
        assertThat(taken).allMatch(ByteBuffer::isDirect);
        assertThat(pool.take(1).isDirect()).isFalse();
        assertThat(pool.take(2000).capacity()).isEqualTo(2000);
        pool.give(taken.get(2).limit(7));
        assertThat(pool.take(1))
                .isSameAs(taken.get(2))
                .satisfies(buffer -> assertThat(buffer.remaining()).isEqualTo(1024));
        pool.give(ByteBuffer.allocate(1024));
        assertThat(pool.take(1).isDirect()).isFalse();
    }

    @Test
    void faultsAroundTheReader_areTold() {
        byte[] archive = write(blocks(new Seed(8).random(), 3, 100));
        CarReader closed = open(archive, CarReadOptions.DEFAULT);
        closed.close();
        closed.close();
        assertThatThrownBy(() -> closed.read(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> open(archive, CarReadOptions.DEFAULT).read(0))
                .isInstanceOf(IllegalArgumentException.class);
        CarReader rejected = CarReader.open(
                Channels.newChannel(new ByteArrayInputStream(archive)), CarReadOptions.DEFAULT, Runnable::run, task -> {
                    throw new RejectedExecutionException("full");
                });
        CompletableFuture<List<Block>> next = rejected.next(5);
        assertThatThrownBy(next::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(
                        () -> CarReader.open(new BrokenChannel(), CarReadOptions.DEFAULT, Runnable::run, Runnable::run))
                .isInstanceOf(CarException.class)
                .isInstanceOf(DagException.class)
                .isNotInstanceOf(CodecException.class)
                .hasMessage("car: byte 0: cannot read: broken");
        WritableByteChannel broken = new BrokenChannel();
        CarWriter writer = CarWriter.v1(broken, List.of(ROOT));
        assertThatThrownBy(writer::finish).hasMessageEndingWith("cannot write: broken");
    }

    @Test
    void v2_behindOtherBytes_isWrittenWhereTheFileStands() throws IOException {
        Path file = folder.resolve("behind.car");
        Files.write(file, new byte[100]);
        List<Block> blocks = blocks(new Seed(2).random(), 3, 100);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.position(100);
            writeV2(channel, blocks, Optional.empty());
            assertThat(channel.position()).isEqualTo(channel.size());
            channel.position(100);
            try (CarReader reader = CarReader.open(channel, CarReadOptions.DEFAULT, Runnable::run, Runnable::run)) {
                assertThat(CarFixturesTest.drain(reader)).hasSize(3);
                assertThat(reader.offset()).isEqualTo(channel.size() - 100);
            }
        }
    }

    private static List<Block> blocks(Random random, int count, int maxBytes) {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] bytes = new byte[random.nextInt(maxBytes + 1)];
            random.nextBytes(bytes);
            HashFunction function = random.nextInt(4) == 0 ? HashFunction.BLAKE3 : HashFunction.SHA2_256;
            Payload payload = bytes.length > 1
                    ? Payload.of(List.of(ByteBuffer.wrap(bytes, 0, 1), ByteBuffer.wrap(bytes, 1, bytes.length - 1)))
                    : Payload.of(bytes);
            blocks.add(new Block(Cid.v1(0x55, function.digest(bytes)), payload));
        }
        return blocks;
    }

    private static byte[] write(List<Block> blocks) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CarWriter writer = CarWriter.v1(Channels.newChannel(out), List.of(ROOT));
        blocks.forEach(writer::write);
        writer.finish();
        assertThat(writer.sizeBytes()).isEqualTo(out.size());
        return out.toByteArray();
    }

    private byte[] writeV2(List<Block> blocks, Optional<CarIndex.Format> format) {
        Path file = folder.resolve("archive.car");
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            writeV2(channel, blocks, format);
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void writeV2(FileChannel channel, List<Block> blocks, Optional<CarIndex.Format> format) {
        CarWriter writer = CarWriter.v2(channel, List.of(ROOT), format);
        blocks.forEach(writer::write);
        writer.finish();
    }

    private static CarReader open(byte[] archive, CarReadOptions options) {
        return CarReader.open(
                Channels.newChannel(new ByteArrayInputStream(archive)), options, Runnable::run, Runnable::run);
    }

    /** Gives a few bytes at a time. */
    private static final class DribblingChannel implements ReadableByteChannel {
        private final ByteBuffer bytes;
        private final Random random;

        DribblingChannel(byte[] bytes, Random random) {
            this.bytes = ByteBuffer.wrap(bytes);
            this.random = random;
        }

        @Override
        public int read(ByteBuffer into) {
            if (!bytes.hasRemaining()) {
                return -1;
            }
            int length = Math.min(Math.min(1 + random.nextInt(20_000), bytes.remaining()), into.remaining());
            into.put(bytes.slice(bytes.position(), length));
            bytes.position(bytes.position() + length);
            return length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    /** A header and then the same section again and again. */
    private static final class RepeatingChannel implements ReadableByteChannel {
        private final byte[] section;
        private int left;
        private ByteBuffer current;

        RepeatingChannel(byte[] header, byte[] section, int times) {
            this.section = section;
            this.left = times;
            this.current = ByteBuffer.wrap(header);
        }

        @Override
        public int read(ByteBuffer into) {
            if (!current.hasRemaining()) {
                if (left == 0) {
                    return -1;
                }
                left--;
                current = ByteBuffer.wrap(section);
            }
            int length = Math.min(current.remaining(), into.remaining());
            into.put(current.slice(current.position(), length));
            current.position(current.position() + length);
            return length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    private static final class BrokenChannel implements ReadableByteChannel, WritableByteChannel {
        @Override
        public int read(ByteBuffer into) throws IOException {
            throw new IOException("broken");
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            throw new IOException("broken");
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
