package io.kafila.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.testkit.Seed;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VarintTest {
    @ParameterizedTest
    @CsvSource({
        "0, 00",
        "1, 01",
        "127, 7f",
        "128, 8001",
        "255, ff01",
        "300, ac02",
        "16384, 808001",
        "9223372036854775807, ffffffffffffffff7f"
    })
    void encode_golden_sameBytes(long value, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertThat(Varint.encode(value)).isEqualTo(bytes);
        assertThat(Varint.size(value)).isEqualTo(bytes.length);
        assertThat(Varint.read(ByteBuffer.wrap(bytes))).isEqualTo(value);
    }

    @Test
    void read_anyValue_roundTripsAndAdvances() {
        Seed.each(2000, random -> {
            long value = random.nextLong() >>> (1 + random.nextInt(63));
            byte[] bytes = Varint.encode(value);
            ByteBuffer source =
                    ByteBuffer.allocate(bytes.length + 3).put(1, bytes).position(1);
            assertThat(Varint.read(source)).isEqualTo(value);
            assertThat(source.position()).isEqualTo(1 + bytes.length);
            assertThat(Varint.size(value)).isEqualTo(bytes.length);
        });
    }

    @Test
    void read_cutAtEveryByte_refused() {
        byte[] bytes = Varint.encode(Long.MAX_VALUE);
        for (int length = 0; length < bytes.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> Varint.read(cut))
                    .isInstanceOf(MultiformatException.class)
                    .hasMessage("varint: ends after " + length + " bytes, want one more");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"8000", "818000", "ff00", "ffffffffffffffff00"})
    void read_notShortest_refused(String hex) {
        assertThatThrownBy(() -> Varint.read(ByteBuffer.wrap(HexFormat.of().parseHex(hex))))
                .isInstanceOf(MultiformatException.class)
                .hasMessageContaining("want the shortest form");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ffffffffffffffffff01", "80808080808080808001", "ffffffffffffffffffffffff"})
    void read_moreThan63Bits_refused(String hex) {
        assertThatThrownBy(() -> Varint.read(ByteBuffer.wrap(HexFormat.of().parseHex(hex))))
                .isInstanceOf(MultiformatException.class)
                .hasMessage("varint: more than 9 bytes");
    }

    @Test
    void write_negative_refused() {
        assertThatThrownBy(() -> Varint.encode(-1)).hasMessage("varint: value -1, want 0 to 2^63-1");
    }
}
