package io.kafila.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.testkit.Fixtures;
import io.kafila.testkit.Seed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HashFunctionTest {
    @Test
    void publishedVectors_eachRow_sameMultihash() {
        List<String> rows = Fixtures.text("multihash/tests/values/test_cases.csv")
                .lines()
                .skip(1)
                .toList();
        assertThat(rows.size()).isGreaterThan(200);
        for (String row : rows) {
            String[] fields = row.split(",");
            HashFunction function = HashFunction.byName(fields[0]).orElseThrow();
            // The input is hashed as the text it is, not as the bytes it stands for.
            byte[] input = fields[2].getBytes(StandardCharsets.UTF_8);
            assertThat(function.digest(input, Integer.parseInt(fields[1]) / 8).toHex())
                    .as(row)
                    .isEqualTo(fields[3]);
        }
    }

    /** Digests of "foo" that other implementations agree on. */
    @ParameterizedTest
    @CsvSource({
        "identity, 0003666f6f",
        "sha1, 11140beec7b5ea3f0fdbc95d0dd47f3c5bc275da8a33",
        "sha2-256, 12202c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
        "sha2-256-trunc254-padded, 9220202c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e72e",
        "dbl-sha2-256, 5620c7ade88fc7a21498a6a5e5c385e1f68bed822b72aa63c4a9a48a02c2466ee29e",
        "blake2b-8, 81e4020152",
        "blake2b-160, 94e40214983ceba2afea8694cc933336b27b907f90c53a88",
        "blake2b-256, a0e40220b8fe9f7f6255a6fa08f668ab632a8d081ad87983c77cd274e48ce450f0b349fd",
        "blake2s-256, e0e4022008d6cad88075de8f192db097573d0e829411cd91eb6ec65e8fc16c017edfdb74",
        "keccak-256, 1b2041b1a0649752af1b28b3dc29a1556eee781e4a4c3a1f7f53f90fa834de098c4d",
        "shake-128, 1820f84e95cb5fbd2038863ab27d3cdeac295ad2d4ab96ad1f4b070c0bf36078ef08",
        "shake-256, 19401af97f7818a28edfdfce5ec66dbdc7e871813816d7d585fe1f12475ded5b6502b7723b74e2ee36f2651a10a8eaca72"
                + "aa9148c3c761aaceac8f6d6cc64381ed39",
        "md5, d50110acbd18db4cc2f85cedef654fccc4a4d8",
        "blake3, 1e2004e0bb39f30b1a3feb89f536c93be15055482df748674b00d26e5a75777702e9"
    })
    void digest_foo_golden(String name, String hex) {
        HashFunction function = HashFunction.byName(name).orElseThrow();
        assertThat(function.digest("foo".getBytes(StandardCharsets.UTF_8)).toHex())
                .isEqualTo(hex);
    }

    /** Digests of the empty message or "abc" from the functions' own specifications. */
    @ParameterizedTest
    @CsvSource({
        "sha2-224, abc, 23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
        "sha2-384, abc, cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
        "sha2-512-224, abc, 4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa",
        "sha2-512-256, abc, 53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23",
        "sha3-224, abc, e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf",
        "sha3-256, abc, 3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
        "sha3-384, abc, ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b298d88cea927ac7f539f1edf228376d25",
        "keccak-224, '', f71837502ba8e10837bdd8d365adb85591895602fc552b48b7390abd",
        "keccak-384, '', 2c23146a63a29acf99e73b88f8c24eaa7dc60aa771780ccc006afbfa8fe2479b2dd2b21362337441ac12b515911957ff",
        "ripemd-160, abc, 8eb208f7e05d987a9b044a8e98c6b087f15a0bfc",
        "ripemd-128, abc, c14a12199c66e4ba84636b0f69144c77",
        "md4, abc, a448017aaf21d8525fc10ae87aa6729d",
        "sm3-256, abc, 66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
        "blake2s-128, '', 64550d6ffe2c0a01a14aba1eade0200c",
        "murmur3-32, hello, 248bfa47",
        "murmur3-32, 'hello, world', 149bbb7f",
        "murmur3-32, 19 Jan 2038 at 3:14:07 AM, e31e8a70",
        "murmur3-x64-64, '', 0000000000000000",
        "murmur3-x64-64, hello, cbd8a7b341bd9b02",
        "murmur3-x64-128, hello, cbd8a7b341bd9b025b1e906a48ae1d19",
        "murmur3-x64-128, 'hello, world', 342fac623a5ebc8e4cdcbc079642414d",
        "murmur3-x64-128, 19 Jan 2038 at 3:14:07 AM, b89e5988b737affc664fc2950231b2cb",
        "murmur3-x64-128, The quick brown fox jumps over the lazy dog., cd99481f9ee902c9695da1a38987b6e7"
    })
    void digest_specificationVectors_golden(String name, String message, String hex) {
        HashFunction function = HashFunction.byName(name).orElseThrow();
        byte[] digest =
                function.digest(message.getBytes(StandardCharsets.UTF_8)).digest();
        assertThat(HexFormat.of().formatHex(digest)).isEqualTo(hex);
    }

    @Test
    void everyFunction_nameAndCode_thoseOfTheTable() {
        assertThat(HashFunction.all()).hasSizeGreaterThan(120);
        for (HashFunction function : HashFunction.all()) {
            Multicodec row = Multicodec.byCode(function.code()).orElseThrow();
            assertThat(row.name()).isEqualTo(function.specName());
            assertThat(row.tag()).isIn("multihash", "hash");
            assertThat(HashFunction.byCode(function.code())).contains(function);
            assertThat(HashFunction.byName(function.specName())).contains(function);
        }
    }

    @Test
    void everyFunction_messageInPieces_sameDigestAsWhole() {
        Seed.each(5, random -> {
            for (HashFunction function : HashFunction.all()) {
                int max = function == HashFunction.IDENTITY ? 100 : 20_000;
                byte[] message = new byte[random.nextInt(max)];
                random.nextBytes(message);
                Multihash whole = function.digest(message);
                Payload payload = Payload.of(pieces(message, random));
                assertThat(function.digest(payload)).as(function.specName()).isEqualTo(whole);
                assertThat(function.digest(payload.buffers())).isEqualTo(whole);
                ByteBuffer direct = ByteBuffer.allocateDirect(message.length).put(0, message);
                assertThat(function.digest(direct)).isEqualTo(whole);
                assertThat(direct.position()).isZero();
                assertThat(whole.verifies(payload)).isTrue();
                Hasher hasher = function.newHasher();
                assertThat(hasher.update(message).multihash()).isEqualTo(whole);
                assertThat(hasher.update(message).multihash()).as("reused").isEqualTo(whole);
            }
        });
    }

    @Test
    void digest_shorterLength_isItsBeginning() {
        byte[] message = {1, 2, 3};
        for (HashFunction function : HashFunction.all()) {
            if (function == HashFunction.IDENTITY) {
                continue;
            }
            byte[] full = function.digest(message).digest();
            assertThat(full).hasSize(function.defaultLength());
            int length = (full.length + 1) / 2;
            assertThat(function.digest(message, length).digest()).isEqualTo(Arrays.copyOf(full, length));
            Multihash cut = function.digest(Payload.of(message), length);
            assertThat(cut.verifies(Payload.of(message))).isTrue();
        }
    }

    @Test
    void digest_freeLength_upTo128Bytes() {
        for (HashFunction function : List.of(HashFunction.BLAKE3, HashFunction.SHAKE_128, HashFunction.SHAKE_256)) {
            Multihash longest = function.digest(new byte[3], 128);
            assertThat(longest.length()).isEqualTo(128);
            assertThat(longest.digest()).startsWith(function.digest(new byte[3]).digest());
            assertThat(longest.verifies(Payload.of(new byte[3]))).isTrue();
            assertThatThrownBy(() -> function.digest(new byte[3], 129)).hasMessageContaining("want at most 128");
        }
    }

    @Test
    void digest_lengthTheFunctionHasNot_refused() {
        assertThatThrownBy(() -> HashFunction.SHA2_256.digest(new byte[1], 33))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sha2-256: digest of 33 bytes, want at most 32");
        assertThatThrownBy(() -> HashFunction.SHA2_256.digest(new byte[1], -1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HashFunction.IDENTITY.digest(new byte[3], 2))
                .hasMessageContaining("want the length of the message");
        assertThatThrownBy(() -> HashFunction.IDENTITY.digest(new byte[129]))
                .hasMessage("digest too large: identity digest got 129 bytes, maximum 128");
        assertThat(HashFunction.IDENTITY.digest(new byte[128]).length()).isEqualTo(128);
        assertThatThrownBy(() -> HashFunction.blake2b(12)).hasMessageContaining("want 8 to 512 in steps of 8");
        assertThatThrownBy(() -> HashFunction.blake2s(264)).hasMessageContaining("want 8 to 256 in steps of 8");
    }

    private static List<ByteBuffer> pieces(byte[] message, Random random) {
        List<ByteBuffer> pieces = new ArrayList<>();
        for (int at = 0; at < message.length; ) {
            int length = Math.min(message.length - at, 1 + random.nextInt(random.nextBoolean() ? 20 : 9000));
            ByteBuffer piece = random.nextBoolean() ? ByteBuffer.allocateDirect(length) : ByteBuffer.allocate(length);
            pieces.add(piece.put(0, message, at, length));
            at += length;
        }
        return pieces;
    }
}
