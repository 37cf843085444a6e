package io.kafila.dag.car;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.blockstore.Block;
import io.kafila.dag.Codec;
import io.kafila.dag.Codecs;
import io.kafila.dag.IpldNode;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.Varint;
import io.kafila.testkit.Fixtures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The good and the corrupt archives of go-car and of the IPLD specs, with the verdicts of go-car's own tests. */
class CarFixturesTest {
    private static final String GO_CAR = "go-car/v2/testdata/";
    private static final String GO_CAR_CMD = "go-car/cmd/car/testdata/inputs/";

    /** What of a block outlives it. */
    record Seen(Cid cid, byte[] bytes) {}

    @ParameterizedTest
    @CsvSource({
        GO_CAR + "sample-v1.car,1,1049",
        GO_CAR + "sample-v1-noidentity.car,1,1043",
        GO_CAR + "sample-wrapped-v2.car,2,1049",
        GO_CAR + "sample-v2-indexless.car,2,1049",
        GO_CAR + "sample-rw-bs-v2.car,2,3",
        GO_CAR + "sample-unixfs-v2.car,2,3",
        GO_CAR_CMD + "sample-v1.car,1,1049",
        GO_CAR_CMD + "sample-wrapped-v2.car,2,1049",
        GO_CAR_CMD + "simple-unixfs.car,1,22",
        GO_CAR_CMD + "simple-unixfs-missing-blocks.car,1,17",
        GO_CAR_CMD + "wikipedia-cryptographic-hash-function.car,1,5",
    })
    void goodArchive_isReadAndVerified(String name, int version, int blocks) {
        try (CarReader reader = open(name, CarReadOptions.DEFAULT)) {
            assertThat(reader.version()).isEqualTo(version);
            assertThat(reader.roots()).isNotEmpty();
            assertThat(drain(reader)).hasSize(blocks);
        }
    }

    @ParameterizedTest
    @CsvSource({GO_CAR + "sample-v1-with-zero-len-section.car", GO_CAR + "sample-v1-with-zero-len-section2.car"})
    void zeroLengthSection_isAnErrorOrTheEnd(String name) {
        List<Seen> blocks;
        try (CarReader reader = open(name, CarReadOptions.DEFAULT.withZeroLengthSectionAsEnd(true))) {
            blocks = drain(reader);
            assertThat(blocks).isNotEmpty();
        }
        try (CarReader reader = open(name, CarReadOptions.DEFAULT)) {
            List<Seen> before = new ArrayList<>();
            assertThatThrownBy(() -> drain(reader, before))
                    .isInstanceOf(CarException.class)
                    .hasMessageMatching("car: byte \\d+: section of 0 bytes, want a Cid and its block");
            assertThat(before).hasSameSizeAs(blocks);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                GO_CAR + "sample-rootless-v42.car|car: byte 0: version 42, want 1 or 2",
                GO_CAR + "sample-corrupt-pragma.car|car: byte 16: end of the archive in a header, want 3 more bytes",
                GO_CAR
                        + "sample-v2-corrupt-data-and-index.car|car: byte 27: data offset 18446744073709550254, want 51 to 2^63 - 1",
                GO_CAR_CMD + "badheaderlength.car|car: byte 0: header of 216830324832 bytes, want at most 33554432",
            })
    void corruptHeader_isRefusedOnOpening(String name, String message) {
        Fixtures.bytes(name); // skips, which within the assertion would be taken for the refusal
        assertThatThrownBy(() -> open(name, CarReadOptions.DEFAULT))
                .isInstanceOf(CarException.class)
                .hasMessage(message);
    }

    @Test
    void tailingCorruptSection_isRefusedAfterTheSoundOnes() {
        try (CarReader reader = open(GO_CAR + "sample-v1-tailing-corrupt-section.car", CarReadOptions.DEFAULT)) {
            List<Seen> before = new ArrayList<>();
            assertThatThrownBy(() -> drain(reader, before))
                    .isInstanceOf(CarException.class)
                    .hasMessageMatching("car: byte \\d+: end of the archive in a section, want \\d+ more bytes");
            assertThat(before).hasSize(1048);
            assertThatThrownBy(() -> reader.read(1)).isInstanceOf(CarException.class);
        }
    }

    @Test
    void badSectionLength_isRefused() {
        try (CarReader reader = open(GO_CAR_CMD + "badsectionlength.car", CarReadOptions.DEFAULT)) {
            assertThatThrownBy(() -> reader.read(1))
                    .isInstanceOf(CarException.class)
                    .hasMessage("car: byte 18: section of 216830324832 bytes, want at most 8388608");
        }
    }

    @ParameterizedTest
    @CsvSource({"carv1-basic,1", "carv2-basic,2"})
    void specFixtures_haveTheBlocksTheyDescribe(String name, int version) {
        String folder = "ipld-specs/specs/transport/car/fixture/" + name + "/" + name;
        byte[] archive = Fixtures.bytes(folder + ".car");
        Codecs codecs = Codecs.standard();
        Map<String, IpldNode> described =
                map(codecs.byName("dag-json").orElseThrow().decode(ByteBuffer.wrap(Fixtures.bytes(folder + ".json"))));
        try (CarReader reader = open(folder + ".car", CarReadOptions.DEFAULT)) {
            assertThat(reader.version()).isEqualTo(version);
            List<IpldNode> blocks = ((IpldNode.ListValue) described.get("blocks")).items();
            List<Seen> seen = drain(reader);
            assertThat(seen).hasSameSizeAs(blocks);
            for (int i = 0; i < seen.size(); i++) {
                Map<String, IpldNode> block = map(blocks.get(i));
                Cid cid = ((IpldNode.LinkValue) block.get("cid")).cid();
                assertThat(seen.get(i).cid()).isEqualTo(cid);
                int at = (int) ((IpldNode.IntValue) block.get("blockOffset")).longValue();
                int length = (int) ((IpldNode.IntValue) block.get("blockLength")).longValue();
                assertThat(seen.get(i).bytes()).isEqualTo(Arrays.copyOfRange(archive, at, at + length));
                Codec codec = codecs.require(cid.codec());
                assertThat(codec.decode(ByteBuffer.wrap(seen.get(i).bytes()))).isEqualTo(block.get("content"));
            }
            IpldNode roots = map(described.get("header")).get("roots");
            if (roots instanceof IpldNode.ListValue list) {
                assertThat(reader.roots())
                        .isEqualTo(list.items().stream()
                                .map(root -> ((IpldNode.LinkValue) root).cid())
                                .toList());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"carv1-basic", "carv2-basic"})
    void specFixtures_writtenAgain_areTheSameCarV1(String name) {
        String file = "ipld-specs/specs/transport/car/fixture/" + name + "/" + name + ".car";
        byte[] archive = Fixtures.bytes(file);
        try (CarReader reader = open(file, CarReadOptions.DEFAULT)) {
            java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
            CarWriter writer = CarWriter.v1(Channels.newChannel(out), reader.roots());
            List<Block> blocks = reader.read(1000);
            blocks.forEach(writer::write);
            blocks.forEach(Block::close);
            writer.finish();
            byte[] data = reader.v2Header()
                    .map(header -> Arrays.copyOfRange(
                            archive, (int) header.dataOffset(), (int) (header.dataOffset() + header.dataSizeBytes())))
                    .orElse(archive);
            assertThat(out.toByteArray()).isEqualTo(data);
        }
    }

    @ParameterizedTest
    @CsvSource({GO_CAR + "sample-wrapped-v2.car", GO_CAR + "sample-rw-bs-v2.car", GO_CAR + "sample-unixfs-v2.car"})
    void index_ofGoCar_leadsToEveryBlock(String name) throws IOException {
        Path path = Fixtures.path(name);
        byte[] archive = Fixtures.bytes(name);
        try (CarReader reader = open(name, CarReadOptions.DEFAULT);
                FileChannel file = FileChannel.open(path)) {
            CarV2Header header = reader.v2Header().orElseThrow();
            assertThat(header.hasIndex()).isTrue();
            CarIndex index = CarIndex.read(file, header);
            int indexed = 0;
            for (Seen block : drain(reader)) {
                Multihash multihash = block.cid().multihash();
                List<Long> offsets = index.offsets(multihash);
                if (multihash.code() == 0) {
                    continue;
                }
                indexed++;
                assertThat(offsets).isNotEmpty();
                for (long offset : offsets) {
                    ByteBuffer section = ByteBuffer.wrap(archive).position((int) (header.dataOffset() + offset));
                    long length = Varint.read(section);
                    int end = section.position() + (int) length;
                    assertThat(Cid.read(section).multihash()).isEqualTo(multihash);
                    assertThat(Arrays.copyOfRange(archive, section.position(), end))
                            .isEqualTo(block.bytes());
                }
            }
            assertThat(index.size()).isGreaterThanOrEqualTo(indexed > 0 ? 1 : 0);
            assertThat(index.offsets(Multihash.of(0x12, new byte[32]))).isEmpty();
            assertThat(index.offsets(Multihash.of(0x12, new byte[7]))).isEmpty();
        }
    }

    @Test
    void index_ofADraftOfTheSpec_isRefused() throws IOException {
        String name = "ipld-specs/specs/transport/car/fixture/carv2-basic/carv2-basic.car";
        try (CarReader reader = open(name, CarReadOptions.DEFAULT);
                FileChannel file = FileChannel.open(Fixtures.path(name))) {
            CarV2Header header = reader.v2Header().orElseThrow();
            assertThatThrownBy(() -> CarIndex.read(file, header))
                    .hasMessage("car: byte 499: index of codec 0x1, want 0x400 or 0x401");
        }
    }

    @Test
    void indexFiles_ofGoCar_areRead() {
        CarIndex sorted = CarIndex.decode(ByteBuffer.wrap(Fixtures.bytes(GO_CAR + "sample-index.carindex")));
        assertThat(sorted.format()).isEqualTo(CarIndex.Format.SORTED);
        CarIndex byHash =
                CarIndex.decode(ByteBuffer.wrap(Fixtures.bytes(GO_CAR + "sample-multihash-index-sorted.carindex")));
        assertThat(byHash.format()).isEqualTo(CarIndex.Format.MULTIHASH_SORTED);
        assertThat(byHash.size()).isEqualTo(1043);
        try (CarReader reader = open(GO_CAR + "sample-v1.car", CarReadOptions.DEFAULT)) {
            for (Seen block : drain(reader)) {
                Multihash multihash = block.cid().multihash();
                assertThat(sorted.offsets(multihash)).isNotEmpty();
                if (multihash.code() != 0) {
                    assertThat(byHash.offsets(multihash)).isEqualTo(sorted.offsets(multihash));
                }
            }
        }
    }

    @Test
    void index_ofOurs_isGoCarsByteForByte() throws IOException {
        Path file = java.nio.file.Files.createTempFile("kafila", ".car");
        try (CarReader reader = open(GO_CAR + "sample-v1.car", CarReadOptions.DEFAULT);
                FileChannel channel = FileChannel.open(
                        file, java.nio.file.StandardOpenOption.WRITE, java.nio.file.StandardOpenOption.READ)) {
            CarWriter writer = CarWriter.v2(channel, reader.roots(), Optional.of(CarIndex.Format.MULTIHASH_SORTED));
            while (true) {
                List<Block> blocks = reader.read(100);
                if (blocks.isEmpty()) {
                    break;
                }
                blocks.forEach(writer::write);
                blocks.forEach(Block::close);
            }
            writer.finish();
            assertThat(channel.size()).isEqualTo(writer.sizeBytes());
            assertThat(java.nio.file.Files.readAllBytes(file))
                    .isEqualTo(Fixtures.bytes(GO_CAR + "sample-wrapped-v2.car"));
        } finally {
            java.nio.file.Files.delete(file);
        }
    }

    private static Map<String, IpldNode> map(IpldNode node) {
        return ((IpldNode.MapValue) node).entries();
    }

    private static CarReader open(String name, CarReadOptions options) {
        ReadableByteChannel channel = Channels.newChannel(new ByteArrayInputStream(Fixtures.bytes(name)));
        return CarReader.open(channel, options, Runnable::run, Runnable::run);
    }

    static List<Seen> drain(CarReader reader) {
        List<Seen> seen = new ArrayList<>();
        drain(reader, seen);
        return seen;
    }

    static void drain(CarReader reader, List<Seen> seen) {
        while (true) {
            List<Block> blocks = reader.read(64);
            if (blocks.isEmpty()) {
                return;
            }
            for (Block block : blocks) {
                seen.add(new Seen(block.cid(), block.payload().toByteArray()));
                block.close();
            }
        }
    }
}
