package io.kafila.libp2p.internal.pnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.testkit.Seed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.engines.Salsa20Engine;
import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.junit.jupiter.api.Test;

class Salsa20Test {
    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static byte[] applied(Salsa20 cipher, byte[] input) {
        byte[] output = input.clone();
        cipher.apply(ByteBuffer.wrap(output));
        return output;
    }

    /** eSTREAM's verified test vectors of Salsa20 with 256 bits, set 1, vector 0. */
    @Test
    void salsa20_ofTheEstreamVector() {
        byte[] key = new byte[32];
        key[0] = (byte) 0x80;
        byte[] stream = applied(new Salsa20(key, new byte[8]), new byte[64]);
        assertThat(stream)
                .isEqualTo(hex("e3be8fdd8beca2e3ea8ef9475b29a6e7003951e1097a5c38d23b7a5fad9f6844"
                        + "b22c97559e2723c7cbbd3fe4fc8d9a0744652a83e72a9c461876af4d7ef1a117"));
    }

    /** The vectors of XSalsa20 in golang.org/x/crypto/salsa20/salsa20_test.go. */
    @Test
    void xsalsa20_ofThePublishedVectors() {
        byte[] key = "this is 32-byte key for xsalsa20".getBytes(StandardCharsets.US_ASCII);
        byte[] nonce = "24-byte nonce for xsalsa".getBytes(StandardCharsets.US_ASCII);
        assertThat(applied(Salsa20.extended(key, nonce), "Hello world!".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(hex("002d4513843fc240c401e541"));
        assertThat(applied(Salsa20.extended(key, nonce), new byte[64]))
                .isEqualTo(hex("4848297feb1fb52fb66d81609bd547fabcbe7026edc8b5e5e449d088bfa69c08"
                        + "8f5d8da1d791267c2c195a7f8cae9c4b4050d08ce6d3a151ec265f3a58e47648"));
    }

    @Test
    void anyLengths_inAnyMemory_areThoseOfBouncyCastle() {
        Seed.each(50, random -> {
            byte[] key = new byte[32];
            byte[] nonce = new byte[24];
            byte[] plain = new byte[random.nextInt(2000)];
            random.nextBytes(key);
            random.nextBytes(nonce);
            random.nextBytes(plain);
            XSalsa20Engine reference = new XSalsa20Engine();
            reference.init(true, new ParametersWithIV(new KeyParameter(key), nonce));
            byte[] wanted = new byte[plain.length];
            reference.processBytes(plain, 0, plain.length, wanted, 0);

            Salsa20 cipher = Salsa20.extended(key, nonce);
            ByteBuffer direct =
                    ByteBuffer.allocateDirect(plain.length).put(plain).flip();
            while (direct.position() < plain.length) {
                direct.limit(direct.position() + random.nextInt(plain.length - direct.position() + 1));
                cipher.apply(direct);
                assertThat(direct.hasRemaining()).isFalse();
            }
            byte[] seen = new byte[plain.length];
            direct.get(0, seen);
            assertThat(seen).isEqualTo(wanted);
        });
    }

    @Test
    void counter_carriesIntoItsSecondWord() {
        byte[] key = new byte[32];
        byte[] nonce = new byte[8];
        Salsa20Engine reference = new Salsa20Engine();
        reference.init(true, new ParametersWithIV(new KeyParameter(key), nonce));
        Salsa20 cipher = new Salsa20(key, nonce);
        byte[] megabyte = new byte[1 << 20];
        byte[] wanted = new byte[megabyte.length];
        for (int i = 0; i < 3; i++) {
            reference.processBytes(megabyte, 0, megabyte.length, wanted, 0);
            assertThat(Arrays.equals(applied(cipher, megabyte), wanted)).isTrue();
        }
        cipher.skipTo(0xFFFF_FFFFL);
        reference.seekTo(0xFFFF_FFFFL * 64);
        reference.processBytes(megabyte, 0, 256, wanted, 0);
        assertThat(applied(cipher, new byte[256])).isEqualTo(Arrays.copyOf(wanted, 256));
    }

    @Test
    void wrongLengths_areRefused() {
        assertThatThrownBy(() -> new Salsa20(new byte[31], new byte[8]))
                .hasMessage("salsa20: key of 31 bytes, want 32");
        assertThatThrownBy(() -> Salsa20.extended(new byte[32], new byte[8]))
                .hasMessage("salsa20: nonce of 8 bytes, want 24");
    }
}
