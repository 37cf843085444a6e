package io.kafila.dag.unixfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.testkit.Seed;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnixfsDataTest {
    private static UnixfsData decode(String hex) {
        return UnixfsData.decode(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }

    @Test
    void encode_file_goldenBytes() {
        UnixfsData file = UnixfsData.of(UnixfsType.FILE)
                .withFile(300, List.of(256L, 44L))
                .withMetadata(OptionalInt.of(0644), Optional.of(Instant.ofEpochSecond(-1, 5)));

        assertThat(HexFormat.of().formatHex(file.encode()))
                .isEqualTo("080218ac02208002202c38a403421008ffffffffffffffffff011505000000");
        assertThat(UnixfsData.decode(ByteBuffer.wrap(file.encode()))).isEqualTo(file);
    }

    @Test
    void encode_shard_goldenBytes() {
        UnixfsData shard = UnixfsData.of(UnixfsType.HAMT_SHARD)
                .withData(ByteBuffer.wrap(new byte[] {1, 0}))
                .withShard(0x22, 256);

        assertThat(HexFormat.of().formatHex(shard.encode())).isEqualTo("080512020100" + "2822" + "308002");
    }

    @Test
    void decode_packedBlocksizesAndUnknownFields_areRead() {
        UnixfsData file = decode("0802" + "1803" + "22020102" + "7a0161" + "7d01020304");

        assertThat(file.blocksizes()).containsExactly(1L, 2L);
        assertThat(file.filesize()).hasValue(3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            '' | no type
            0806 | type 6, want 0 to 5
            08020802 | field 1 twice
            080218ffffffffffffffffff01 | filesize of 18446744073709551615
            080220ffffffffffffffffff01 | blocksize of 18446744073709551615
            0805300c | fanout 12, want a power of two from 8 to 1024
            08053004 | fanout 4
            0805308010 | fanout 2048
            08013880808080808001 | mode 0x40000000000, want 32 bits
            0801420515c0c0c0c0 | mtime without seconds
            080142070801150094353c | nanoseconds
            08011205 | field 2 of 5 bytes, want at most the 0
            0800120a6161 | want at most the 2 that remain
            080018ffffffffffffffffffff01 | varint of more than 64 bits
            0b | field 1 with wire type 3
            7b | wire type 3, want 0, 1, 2 or 5
            00 | field tag 0x0
            """)
    void decode_bad_refused(String hex, String message) {
        assertThatThrownBy(() -> decode(hex))
                .isInstanceOf(UnixfsException.class)
                .hasMessageContaining(message);
    }

    @Test
    void decode_truncated_refusedOrShorter() {
        byte[] whole = UnixfsData.of(UnixfsType.FILE)
                .withData(ByteBuffer.wrap(new byte[300]))
                .withFile(70_000, List.of(300L, 69_700L))
                .withMetadata(OptionalInt.of(0755), Optional.of(Instant.ofEpochSecond(1, 2)))
                .encode();
        UnixfsData full = UnixfsData.decode(ByteBuffer.wrap(whole));
        for (int length = 0; length < whole.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(whole, 0, length);
            try {
                assertThat(UnixfsData.decode(cut)).isNotEqualTo(full);
            } catch (UnixfsException e) {
                assertThat(e).hasMessageStartingWith("unixfs: ");
            }
        }
    }

    @Test
    void roundTrip_anyNode_isTheSame() {
        Seed.each(300, random -> {
            UnixfsData node = anyNode(random);
            assertThat(UnixfsData.decode(ByteBuffer.wrap(node.encode()))).isEqualTo(node);
        });
    }

    @Test
    void decode_mutated_refusedOrCanonicalAgain() {
        Seed.each(3000, random -> {
            byte[] bytes = anyNode(random).encode();
            for (int i = 0; i <= random.nextInt(4); i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            UnixfsData node;
            try {
                node = UnixfsData.decode(ByteBuffer.wrap(bytes));
            } catch (UnixfsException e) {
                return;
            }
            assertThat(UnixfsData.decode(ByteBuffer.wrap(node.encode()))).isEqualTo(node);
        });
    }

    private static UnixfsData anyNode(Random random) {
        List<Long> sizes = new ArrayList<>();
        while (random.nextInt(4) != 0) {
            sizes.add(random.nextLong() >>> 1 + random.nextInt(62));
        }
        byte[] data = new byte[random.nextInt(200)];
        random.nextBytes(data);
        return new UnixfsData(
                UnixfsType.values()[random.nextInt(6)],
                random.nextBoolean() ? Optional.of(ByteBuffer.wrap(data)) : Optional.empty(),
                random.nextBoolean() ? OptionalLong.of(random.nextLong() >>> 1) : OptionalLong.empty(),
                sizes,
                random.nextBoolean() ? OptionalLong.of(0x22) : OptionalLong.empty(),
                random.nextBoolean() ? OptionalInt.of(8 << random.nextInt(8)) : OptionalInt.empty(),
                random.nextBoolean() ? OptionalInt.of(random.nextInt()) : OptionalInt.empty(),
                random.nextBoolean()
                        ? Optional.of(Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000)))
                        : Optional.empty());
    }
}
