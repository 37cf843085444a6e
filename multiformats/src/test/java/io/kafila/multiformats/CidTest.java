package io.kafila.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.testkit.Seed;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidTest {
    private static final String EMPTY_DIRECTORY_V0 = "QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn";
    private static final String EMPTY_DIRECTORY_V1 = "bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354";
    private static final String EMPTY_RAW = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";

    @Test
    void parse_publishedNames_sameParts() {
        Cid v0 = Cid.parse(EMPTY_DIRECTORY_V0);
        assertThat(v0.version()).isZero();
        assertThat(v0.codec()).isEqualTo(Multicodec.DAG_PB.code());
        assertThat(v0.asV1()).hasToString(EMPTY_DIRECTORY_V1);
        assertThat(v0).hasToString(EMPTY_DIRECTORY_V0);
        assertThat(v0.bytes()).isEqualTo(v0.multihash().bytes());
        Cid v1 = Cid.parse(EMPTY_DIRECTORY_V1);
        assertThat(v1.version()).isEqualTo(1);
        assertThat(v1.asV0()).isEqualTo(v0).hasSameHashCodeAs(v0);
        assertThat(v1).isNotEqualTo(v0);
        assertThat(Cid.v1(Multicodec.RAW, HashFunction.SHA2_256.digest(new byte[0])))
                .hasToString(EMPTY_RAW);
        assertThat(Cid.parse("bafkqaaa").multihash()).isEqualTo(HashFunction.IDENTITY.digest(new byte[0]));
    }

    @Test
    void bytes_golden() {
        assertThat(HexFormat.of().formatHex(Cid.parse(EMPTY_RAW).bytes()))
                .isEqualTo("01551220e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void decode_anyCid_roundTrips() {
        Seed.each(500, random -> {
            Cid cid = anyCid(random);
            assertThat(Cid.decode(cid.bytes())).isEqualTo(cid).hasSameHashCodeAs(cid);
            assertThat(Cid.parse(cid.toString())).isEqualTo(cid).isEqualByComparingTo(cid);
            ByteBuffer source = ByteBuffer.allocateDirect(cid.size() + 9)
                    .put(4, cid.bytes())
                    .position(4);
            assertThat(Cid.read(source)).isEqualTo(cid);
            assertThat(source.position()).isEqualTo(4 + cid.size());
            Cid.Prefix prefix = cid.prefix();
            assertThat(Cid.Prefix.decode(prefix.bytes())).isEqualTo(prefix);
        });
    }

    @ParameterizedTest
    @EnumSource
    void parse_everyBase_sameCid(Multibase base) {
        Cid cid = Cid.parse(EMPTY_DIRECTORY_V1);
        assertThat(Cid.parse(cid.toString(base))).isEqualTo(cid);
        Cid longest = Cid.v1(0x3fff, Multihash.of(0x3fff, new byte[128]));
        assertThat(Cid.parse(longest.toString(base))).isEqualTo(longest);
    }

    @ParameterizedTest
    @ValueSource(strings = {EMPTY_DIRECTORY_V0, EMPTY_DIRECTORY_V1})
    void decode_cutAtEveryByte_refused(String text) {
        byte[] bytes = Cid.parse(text).bytes();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> Cid.decode(cut)).isInstanceOf(MultiformatException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', cid: multibase: empty text",
        "Qm, U+0051 names no base",
        "/ipfs/bafkqaaa, U+002F names no base",
        "bafkqaaa?, character U+003F",
        "zQmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn, version 0 with a multibase prefix",
        "f02550000, 'version 2, want 0 or 1'",
        "f01550000ff, 1 bytes after its end",
        "f0155, ends after 0 bytes",
        "f0155128101, digest of 129 bytes",
        "f81005512, want the shortest form",
        "f8100, want the shortest form",
        "QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3N, names no base",
        "QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3N0, character U+0030",
        "f12210000, 'version 18, want 0 or 1'"
    })
    void parse_malformed_refusedWithReason(String text, String reason) {
        assertThatThrownBy(() -> Cid.parse(text))
                .isInstanceOf(MultiformatException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void limits_textAndBytes() {
        assertThatThrownBy(() -> Cid.parse("f".repeat(Cid.MAX_CHARACTERS + 1)))
                .hasMessage("cid: 1346 characters, want at most 1345");
        Cid longest = Cid.v1(Long.MAX_VALUE, Multihash.of(Long.MAX_VALUE, new byte[128]));
        assertThat(longest.size()).isLessThanOrEqualTo(Cid.MAX_BYTES);
        assertThat(Cid.decode(longest.bytes())).isEqualTo(longest);
    }

    @Test
    void v0_otherThanSha256OfDagPb_refused() {
        assertThatThrownBy(() -> Cid.v0(HashFunction.SHA1.digest(new byte[1])))
                .hasMessage("cid v0: function 0x11 of 20 bytes, want sha2-256 of 32");
        assertThatThrownBy(() -> Cid.parse(EMPTY_RAW).asV0()).hasMessage("cid v0: codec 0x55, want dag-pb");
        assertThatThrownBy(() -> Cid.parse(EMPTY_DIRECTORY_V0).toString(Multibase.BASE32))
                .hasMessage("cid v0: base base32, want base58btc");
        assertThat(Cid.parse(EMPTY_DIRECTORY_V0).toString(Multibase.BASE58BTC)).isEqualTo(EMPTY_DIRECTORY_V0);
    }

    @Test
    void prefix_cidOfContent_sameCid() {
        byte[] content = {1, 2, 3};
        Cid cid = Cid.v1(Multicodec.RAW, HashFunction.SHA2_256.digest(content));
        assertThat(HexFormat.of().formatHex(cid.prefix().bytes())).isEqualTo("01551220");
        assertThat(cid.prefix().cidOf(content)).isEqualTo(cid);
        assertThat(cid.prefix().cidOf(Payload.of(content))).isEqualTo(cid);
        Cid v0 = Cid.v0(HashFunction.SHA2_256.digest(content));
        assertThat(HexFormat.of().formatHex(v0.prefix().bytes())).isEqualTo("00701220");
        assertThat(v0.prefix().cidOf(content)).isEqualTo(v0);
        Cid cut = Cid.v1(Multicodec.RAW, HashFunction.SHA2_512.digest(content, 20));
        assertThat(cut.prefix().cidOf(Payload.of(content))).isEqualTo(cut);
        Cid identity = Cid.v1(Multicodec.RAW, HashFunction.IDENTITY.digest(content));
        assertThat(new Cid.Prefix(1, 0x55, 0, 7).cidOf(content)).isEqualTo(identity);
    }

    @Test
    void prefix_malformed_refused() {
        for (String hex :
                new String[] {"", "01", "0155", "015512", "02551220", "0155128101", "0155122000", "00551220", "00701221"
                }) {
            assertThatThrownBy(() -> Cid.Prefix.decode(HexFormat.of().parseHex(hex)))
                    .as(hex)
                    .isInstanceOf(MultiformatException.class);
        }
        assertThatThrownBy(() -> Cid.Prefix.decode(HexFormat.of().parseHex("015512ffffffffffffffff7f")))
                .hasMessageContaining("want 0 to 128");
        assertThatThrownBy(() -> new Cid.Prefix(1, 0x55, 0x7012, 32).cidOf(new byte[1]))
                .hasMessage("cid prefix: function 0x7012 is none this node can compute");
        assertThatThrownBy(() -> new Cid.Prefix(1, 0x55, 0x12, 33).cidOf(new byte[1]))
                .hasMessage("cid prefix: sha2-256 digest of 33 bytes, want at most 32");
        assertThatThrownBy(() -> new Cid.Prefix(1, 0x55, 0, 0).cidOf(new byte[129]))
                .hasMessage("cid prefix: identity digest of 129 bytes, want at most 128");
    }

    static Cid anyCid(Random random) {
        byte[] digest = new byte[random.nextInt(5) == 0 ? random.nextInt(129) : 32];
        random.nextBytes(digest);
        if (digest.length == 32 && random.nextBoolean()) {
            return Cid.v0(Multihash.of(0x12, digest));
        }
        long codec = random.nextLong() >>> (1 + random.nextInt(63));
        return Cid.v1(codec, Multihash.of(random.nextInt(0x10000), digest));
    }
}
