package io.kafila.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.testkit.Fixtures;
import io.kafila.testkit.Seed;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultibaseTest {
    @ParameterizedTest
    @ValueSource(strings = {"basic", "leading_zero", "two_leading_zeros"})
    void publishedVectors_eachBase_sameText(String file) {
        String[] lines = Fixtures.text("multibase/tests/" + file + ".csv").split("\n");
        byte[] content = unescaped(lines[0]);
        assertThat(lines.length).isGreaterThan(20);
        for (String line : Arrays.asList(lines).subList(1, lines.length)) {
            Multibase base = Multibase.byName(line.split(",")[0]).orElseThrow();
            String text = quoted(line);
            assertThat(base.encode(content)).as(line).isEqualTo(text);
            assertThat(Multibase.decode(text)).as(line).isEqualTo(content);
            assertThat(Multibase.of(text)).isSameAs(base);
        }
    }

    @Test
    void publishedVectors_otherLetterCase_decoded() {
        String[] lines = Fixtures.text("multibase/tests/case_insensitivity.csv").split("\n");
        byte[] content = unescaped(lines[0]);
        for (String line : Arrays.asList(lines).subList(1, lines.length)) {
            assertThat(Multibase.decode(quoted(line))).as(line).isEqualTo(content);
        }
    }

    @Test
    void table_everyRow_isABase() {
        Set<String> published = Fixtures.text("multibase/multibase.csv")
                .lines()
                .skip(1)
                .map(line -> line.split(",")[2].strip())
                .filter(name -> !name.equals("none"))
                .collect(Collectors.toSet());
        Set<String> ours =
                Arrays.stream(Multibase.values()).map(Multibase::specName).collect(Collectors.toSet());
        assertThat(ours).containsAll(published);
        published.add("identity");
        assertThat(ours).isEqualTo(published);
        Fixtures.text("multibase/multibase.csv").lines().skip(1).forEach(line -> {
            String[] fields = line.split(",");
            int codePoint = Integer.parseInt(fields[0].strip().substring(2), 16);
            Multibase.byName(fields[2].strip())
                    .ifPresent(base -> assertThat(base.prefix()).isEqualTo(Character.toString(codePoint)));
        });
    }

    @ParameterizedTest
    @EnumSource
    void encode_anyBytes_roundTrips(Multibase base) {
        Seed.each(200, random -> {
            byte[] bytes = new byte[random.nextInt(70)];
            random.nextBytes(bytes);
            Arrays.fill(bytes, 0, random.nextInt(bytes.length + 1) / 3, (byte) 0);
            String text = base.encode(bytes);
            assertThat(text).startsWith(base.prefix());
            assertThat(Multibase.decode(text)).isEqualTo(bytes);
            assertThat(base.decodeBare(base.encodeBare(bytes))).isEqualTo(bytes);
        });
        assertThat(Multibase.decode(base.encode(new byte[0]))).isEmpty();
        assertThat(Multibase.decode(base.encode(new byte[100]))).isEqualTo(new byte[100]);
    }

    /** A text that is accepted is the very text of its bytes, letter case aside. */
    @ParameterizedTest
    @EnumSource
    void decode_mutatedText_refusedOrCanonical(Multibase base) {
        Seed.each(400, random -> {
            byte[] bytes = new byte[random.nextInt(20)];
            random.nextBytes(bytes);
            StringBuilder text = new StringBuilder(base.encodeBare(bytes));
            for (int i = 1 + random.nextInt(2); i > 0; i--) {
                char character = text.length() > 0 && random.nextBoolean()
                        ? text.charAt(random.nextInt(text.length()))
                        : (char) random.nextInt(130);
                if (text.length() > 0 && random.nextBoolean()) {
                    text.setCharAt(random.nextInt(text.length()), character);
                } else {
                    text.insert(random.nextInt(text.length() + 1), character);
                }
            }
            byte[] decoded;
            try {
                decoded = base.decodeBare(text.toString());
            } catch (MultiformatException e) {
                assertThat(e).hasMessageContaining(":");
                return;
            }
            assertThat(base.encodeBare(decoded)).isEqualToIgnoringCase(text.toString());
        });
    }

    @ParameterizedTest
    @CsvSource({
        "BASE45, 4142, BB8",
        "BASE45, 48656c6c6f2121, %69 VD92EX0",
        "BASE45, 626173652d3435, UJCLQE7W581",
        "BASE45, 6965746621, QED8WEX0",
        "PROQUINT, 7f000001, ro-lusab-babad",
        "PROQUINT, 3f54dcc1, ro-gutih-tugad",
        "PROQUINT, 7f, ro-lus",
        "PROQUINT, '', ro-",
        "BASE16, 00ff, 00ff",
        "BASE58BTC, 0000287fb4cd, 11233QC4",
        "BASE32Z, f0bfc7, 6n9hq",
        "BASE64, '', ''"
    })
    void golden_bare(Multibase base, String hex, String text) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertThat(base.encodeBare(bytes)).isEqualTo(text);
        assertThat(base.decodeBare(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "x123, prefix U+0078 names no base",
        "1abc, prefix U+0031 names no base",
        "f0, no bytes have a text of this length",
        "fzz, character U+007A at 0 is not in its alphabet",
        "ba, no bytes have a text of this length",
        "bab, bits left over after the last byte are not zero",
        "mQR, bits left over after the last byte are not zero",
        "MQQ, want a multiple of 4 with padding",
        "MQQ=A, character U+003D at 2",
        "MQ===, 1 characters",
        "M====, 4 characters of padding",
        "mQQ==, character U+003D at 2",
        "cme=====, want a multiple of 8 with padding",
        "RGGW, value 65536 at 0",
        "RV5, value 256",
        "R:::, value",
        "RA, no bytes have a text of this length",
        "z0, character U+0030 at 0",
        "pro-lusab-baba, no bytes have a text of this length",
        "pro-lusab_babad, character U+005F",
        "plusab, text does not start with pro-",
        "0012, character U+0032 at 2",
        "🚀a, character U+0061 at 0"
    })
    void decode_malformed_refusedWithReason(String text, String reason) {
        assertThatThrownBy(() -> Multibase.decode(text))
                .isInstanceOf(MultiformatException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void decode_empty_refused() {
        assertThatThrownBy(() -> Multibase.decode("")).hasMessage("multibase: empty text, want a prefix");
    }

    @Test
    void identity_everyByte_oneCharacter() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        assertThat(Multibase.decode(Multibase.IDENTITY.encode(bytes))).isEqualTo(bytes);
        assertThatThrownBy(() -> Multibase.decode("\0\u0100")).isInstanceOf(MultiformatException.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"BASE10", "BASE36", "BASE36UPPER", "BASE58BTC", "BASE58FLICKR"})
    void quadraticBase_atItsLimits_worksAndBeyondRefuses(Multibase base) {
        byte[] longest = new Seed(1).bytes(16 << 10);
        assertThat(Multibase.decode(base.encode(longest))).isEqualTo(longest);
        assertThatThrownBy(() -> base.encode(new byte[(16 << 10) + 1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("want at most 16384");
        assertThatThrownBy(() -> base.decodeBare("2".repeat(40_001)))
                .isInstanceOf(MultiformatException.class)
                .hasMessageContaining("40001 characters, want at most 40000");
    }

    @Test
    void linearBase_largeContent_roundTrips() {
        byte[] large = new Seed(2).bytes(1 << 20);
        for (Multibase base : new Multibase[] {Multibase.BASE16, Multibase.BASE32, Multibase.BASE64URL}) {
            assertThat(Multibase.decode(base.encode(large))).isEqualTo(large);
        }
    }

    private static byte[] unescaped(String header) {
        return quoted(header).replace("\\x00", "\0").getBytes(StandardCharsets.UTF_8);
    }

    private static String quoted(String line) {
        return line.substring(line.indexOf('"') + 1, line.lastIndexOf('"'));
    }

    @Test
    void byName_unknown_empty() {
        assertThat(Multibase.byName("base7")).isEmpty();
        for (Multibase base : Multibase.values()) {
            assertThat(Multibase.byName(base.specName())).contains(base);
            assertThat(base.specName()).isEqualTo(base.name().toLowerCase(Locale.ROOT));
        }
    }
}
