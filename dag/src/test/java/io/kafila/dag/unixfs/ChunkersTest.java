package io.kafila.dag.unixfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.testkit.Seed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkersTest {
    /** The lengths of the chunks where the chunker sees {@code step.applyAsInt(rest)} bytes at a time. */
    private static List<Integer> lengths(String spec, byte[] bytes, IntUnaryOperator step) {
        Chunker chunker = Chunkers.parse(spec).newChunker();
        List<Integer> lengths = new ArrayList<>();
        int length = 0;
        int at = 0;
        while (at < bytes.length) {
            ByteBuffer seen =
                    ByteBuffer.wrap(bytes, at, Math.min(bytes.length - at, step.applyAsInt(bytes.length - at)));
            at += seen.remaining();
            while (seen.hasRemaining()) {
                int before = seen.position();
                int cut = chunker.cut(seen);
                if (cut < 0) {
                    assertThat(seen.hasRemaining()).isFalse();
                    length += seen.position() - before;
                } else {
                    assertThat(seen.position() - before).isEqualTo(cut);
                    lengths.add(length + cut);
                    length = 0;
                }
            }
        }
        if (length > 0) {
            lengths.add(length);
        }
        return lengths;
    }

    @ParameterizedTest
    @ValueSource(strings = {"size-1000", "rabin-16-24-32", "rabin-4096", "rabin-512-1024-2048", "buzhash"})
    void cut_howeverTheBytesCome_cutsAtTheSamePlaces(String spec) {
        byte[] bytes = Inputs.stream("chunks", 700_000);
        List<Integer> whole = lengths(spec, bytes, rest -> rest);

        assertThat(whole.stream().mapToInt(length -> length).sum()).isEqualTo(bytes.length);
        assertThat(lengths(spec, bytes, rest -> 1)).isEqualTo(whole);
        Seed.each(
                5,
                random -> assertThat(lengths(spec, bytes, rest -> 1 + random.nextInt(40_000)))
                        .isEqualTo(whole));
    }

    @Test
    void cut_allZeros_keepsToTheBounds() {
        assertThat(lengths("buzhash", new byte[1_200_000], rest -> rest)).allMatch(length -> length <= 512 * 1024);
        assertThat(lengths("rabin-512-1024-2048", new byte[10_000], rest -> rest))
                .allMatch(length -> length <= 2048);
    }

    @ParameterizedTest
    @CsvSource({"'', size-262144", "default, size-262144", "size-7, size-7", "rabin, rabin", "buzhash, buzhash"})
    void parse_good_namesItself(String spec, String name) {
        assertThat(Chunkers.parse(spec).spec()).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            size-0 | chunker size must be greater than 0
            size--1 | incorrect chunker string format (expected size-{size})
            size-x | chunker size-x: parsing "x": invalid syntax
            size | expected size-{size}
            size-2096897 | may not exceed the maximum chunk size of 2096896
            rabin-15-20-30 | rabin min must be greater than 16
            rabin-40 | rabin min must be
            rabin-1398000 | may not exceed
            rabin-20-20-30 | rabin-min must be smaller than rabin-avg
            rabin-20-30-30 | rabin-avg must be smaller than rabin-max
            rabin-16-32-2096897 | may not exceed
            rabin-1-2 | or 'rabin-[min]-[avg]-[max]'
            rabin-avg:16-32-64 | first label must be min
            fixed-3 | unrecognized chunker option: fixed-3
            """)
    void parse_bad_refused(String spec, String message) {
        assertThatThrownBy(() -> Chunkers.parse(spec))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
