package io.kafila.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DigestPolicyTest {
    private static final Set<String> ALLOWED = Set.of(
            "identity",
            "sha1",
            "sha2-256",
            "sha2-512",
            "sha3-224",
            "sha3-256",
            "sha3-384",
            "sha3-512",
            "shake-256",
            "keccak-224",
            "keccak-256",
            "keccak-384",
            "keccak-512",
            "blake3",
            "dbl-sha2-256");

    @Test
    void isAllowed_everyFunctionOfTheTable_asInBoxo() {
        Set<String> allowed = Multicodec.all().stream()
                .filter(row -> DigestPolicy.isAllowed(row.code()))
                .map(Multicodec::name)
                .filter(name -> !name.startsWith("blake2"))
                .collect(Collectors.toSet());
        assertThat(allowed).isEqualTo(ALLOWED);
        for (int bits = 8; bits <= 512; bits += 8) {
            assertThat(DigestPolicy.isAllowed(HashFunction.blake2b(bits).code()))
                    .isEqualTo(bits >= 160);
        }
        for (int bits = 8; bits <= 256; bits += 8) {
            assertThat(DigestPolicy.isAllowed(HashFunction.blake2s(bits).code()))
                    .isEqualTo(bits >= 160);
        }
        assertThat(DigestPolicy.isAllowed(-1)).isFalse();
        assertThat(DigestPolicy.isAllowed(0x1_0000_0012L)).isFalse();
    }

    @Test
    void check_functionNotTrusted_refusedByName() {
        assertThatThrownBy(() -> DigestPolicy.check(HashFunction.MURMUR3_X64_64.digest(new byte[1])))
                .isInstanceOf(MultiformatException.class)
                .hasMessage("potentially insecure hash functions not allowed");
        assertThatThrownBy(() -> DigestPolicy.check(Multihash.of(0x3fffff, new byte[32])))
                .hasMessage("potentially insecure hash functions not allowed");
    }

    @Test
    void check_length_20To128() {
        Multihash shortest = HashFunction.SHA2_256.digest(new byte[1], 20);
        assertThatCode(() -> DigestPolicy.check(Cid.v1(Multicodec.RAW, shortest)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> DigestPolicy.check(HashFunction.SHA2_256.digest(new byte[1], 19)))
                .hasMessage("digest too small: sha2-256 digest got 19 bytes, minimum 20");
        assertThatCode(() -> DigestPolicy.check(HashFunction.BLAKE3.digest(new byte[1], 128)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> DigestPolicy.check(new Cid.Prefix(1, 0x55, 0x12, 19)))
                .hasMessageContaining("minimum 20");
    }

    @Test
    void check_longerThanTheFunctionGives_isRefused() {
        assertThatThrownBy(() -> DigestPolicy.check(Multihash.of(HashFunction.SHA2_256.code(), new byte[33])))
                .isInstanceOf(MultiformatException.class)
                .hasMessage("digest too large: sha2-256 digest got 33 bytes, maximum 32");
        assertThatCode(() -> DigestPolicy.check(Multihash.of(HashFunction.SHA2_512.code(), new byte[64])))
                .doesNotThrowAnyException();
    }

    @Test
    void check_identity_anyLengthTo128() {
        assertThatCode(() -> DigestPolicy.check(HashFunction.IDENTITY.digest(new byte[0])))
                .doesNotThrowAnyException();
        assertThatCode(() -> DigestPolicy.check(HashFunction.IDENTITY.digest(new byte[128])))
                .doesNotThrowAnyException();
    }
}
