package io.kafila.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.testkit.Seed;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class MultihashTest {
    private static final byte[] FOO = {'f', 'o', 'o'};

    @Test
    void decode_anyMultihash_roundTrips() {
        Seed.each(500, random -> {
            byte[] digest = new byte[random.nextInt(129)];
            random.nextBytes(digest);
            long code = random.nextLong() >>> (1 + random.nextInt(63));
            Multihash multihash = Multihash.of(code, digest);
            assertThat(multihash.code()).isEqualTo(code);
            assertThat(multihash.digest()).isEqualTo(digest);
            assertThat(multihash.length()).isEqualTo(digest.length);
            assertThat(multihash.digestBuffer()).isEqualTo(ByteBuffer.wrap(digest));
            assertThat(multihash.buffer()).isEqualTo(ByteBuffer.wrap(multihash.bytes()));
            Multihash decoded = Multihash.decode(multihash.bytes());
            assertThat(decoded)
                    .isEqualTo(multihash)
                    .hasSameHashCodeAs(multihash)
                    .isEqualByComparingTo(multihash);
            assertThat(Multihash.parseBase58(multihash.toBase58())).isEqualTo(multihash);
            ByteBuffer source = ByteBuffer.allocate(multihash.size() + 4)
                    .put(2, multihash.bytes())
                    .position(2);
            assertThat(Multihash.read(source)).isEqualTo(multihash);
            assertThat(source.position()).isEqualTo(2 + multihash.size());
        });
    }

    @Test
    void decode_cutAtEveryByte_refused() {
        byte[] bytes = HashFunction.BLAKE2B_256.digest(FOO).bytes();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> Multihash.decode(cut)).isInstanceOf(MultiformatException.class);
        }
    }

    @Test
    void decode_longerThanLimit_refusedBeforeAllocation() {
        assertThatThrownBy(() -> Multihash.decode(HexFormat.of().parseHex("128101")))
                .hasMessage("multihash: digest of 129 bytes, want at most 128");
        assertThatThrownBy(() -> Multihash.decode(HexFormat.of().parseHex("12ffffffffffffffff7f")))
                .hasMessage("multihash: digest of 9223372036854775807 bytes, want at most 128");
        assertThatThrownBy(() -> Multihash.of(0x12, new byte[129]))
                .hasMessage("multihash: digest of 129 bytes, want at most 128");
        assertThatThrownBy(() -> Multihash.parseBase58("1".repeat(201)))
                .hasMessage("multihash: 201 characters, want at most 200");
    }

    @Test
    void decode_bytesAfterIt_refused() {
        assertThatThrownBy(() -> Multihash.decode(HexFormat.of().parseHex("000102ff")))
                .hasMessage("multihash: 1 bytes after its end, want none");
    }

    @Test
    void parseBase58_longest_accepted() {
        byte[] digest = new byte[128];
        Arrays.fill(digest, (byte) 0xFF);
        Multihash longest = Multihash.of(Long.MAX_VALUE, digest);
        assertThat(longest.size()).isEqualTo(Multihash.MAX_BYTES);
        assertThat(Multihash.parseBase58(longest.toBase58())).isEqualTo(longest);
    }

    @Test
    void verifies_otherContent_false() {
        Multihash multihash = HashFunction.SHA2_256.digest(FOO);
        assertThat(multihash.verifies(Payload.of(FOO))).isTrue();
        assertThat(multihash.verifies(Payload.of(new byte[] {'f', 'o', 'p'}))).isFalse();
        assertThat(multihash.verifies(Payload.empty())).isFalse();
        assertThat(HashFunction.IDENTITY.digest(FOO).verifies(Payload.of(FOO))).isTrue();
        assertThat(HashFunction.IDENTITY.digest(FOO).verifies(Payload.of(new byte[1000])))
                .isFalse();
        assertThat(Multihash.of(0x12, new byte[33]).verifies(Payload.of(FOO))).isFalse();
        assertThatThrownBy(() -> Multihash.of(0x7012, new byte[32]).verifies(Payload.of(FOO)))
                .isInstanceOf(MultiformatException.class)
                .hasMessage("multihash: function 0x7012 is none this node can compute");
    }

    @Test
    void value_callersArray_copied() {
        byte[] digest = {1, 2, 3};
        Multihash multihash = Multihash.of(0, digest);
        digest[0] = 9;
        multihash.digest()[1] = 9;
        multihash.bytes()[2] = 9;
        assertThat(multihash.digest()).containsExactly(1, 2, 3);
        assertThat(multihash.digestBuffer().isReadOnly()).isTrue();
    }

    @Test
    void compareTo_unsignedBytes() {
        assertThat(Multihash.of(0, new byte[] {(byte) 0x80})).isGreaterThan(Multihash.of(0, new byte[] {0x7F}));
        assertThat(Multihash.of(0, new byte[] {1})).isNotEqualTo(Multihash.of(1, new byte[] {1}));
    }

    @Test
    void toHex_golden() {
        assertThat(Multihash.of(0x12, new byte[] {(byte) 0xab}).toHex()).isEqualTo("1201ab");
        assertThat(HashFunction.SHA2_256.digest(FOO)).hasToString("QmRJzsvyCQyizr73Gmms8ZRtvNxmgqumxc2KUp71dfEmoj");
    }
}
