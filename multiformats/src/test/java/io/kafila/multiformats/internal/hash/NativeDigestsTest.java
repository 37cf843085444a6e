package io.kafila.multiformats.internal.hash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeDigestsTest {
    private static final int[] LENGTHS = {0, 1, 55, 56, 63, 64, 65, 127, 128, 1000, 4096, 262_144, 1_000_003};

    @ParameterizedTest
    @ValueSource(strings = {"SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512", "MD5"})
    void theLibrary_givesWhatTheJdkGives_ofHeapOfDirectAndOfReadOnlyMemory(String algorithm)
            throws NoSuchAlgorithmException {
        assumeTrue(NativeDigests.find(algorithm).isPresent(), "BoringSSL's digests do not load on this platform");
        MessageDigest digest = NativeDigests.find(algorithm).orElseThrow();
        assertThat(digest.getProvider().getName()).isEqualTo("Conscrypt");
        for (int length : LENGTHS) {
            byte[] message = new byte[length];
            new Random(length).nextBytes(message);
            byte[] expected = MessageDigest.getInstance(algorithm).digest(message);

            assertThat(digest.digest(message)).isEqualTo(expected);
            digest.update(ByteBuffer.allocateDirect(length).put(message).flip());
            assertThat(digest.digest()).isEqualTo(expected);
            digest.update(ByteBuffer.wrap(message, 0, length / 3));
            digest.update(
                    ByteBuffer.wrap(message, length / 3, length - length / 3).asReadOnlyBuffer());
            assertThat(digest.digest()).isEqualTo(expected);
        }
    }

    @Test
    void whatTheLibraryHasNot_isTheJdks() {
        assertThat(NativeDigests.find("SHA3-256")).isEmpty();
        assertThat(new JcaEngine("SHA3-256").digest(32)).hasSize(32);
    }
}
