package io.kafila.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class Pkcs8Test {
    /** RFC 8410, section 10.3. */
    @Test
    void ofPkcs8_theExampleOfTheRfc() {
        byte[] der = HexFormat.of()
                .parseHex(
                        "302e020100300506032b657004220420d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842");
        PrivateKey key = PrivateKey.ofPkcs8(der);
        assertThat(key.publicKey().raw())
                .asHexString()
                .isEqualToIgnoringCase("19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1");
        assertThat(key.pkcs8()).isEqualTo(der);
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void pkcs8_everyKind_comesBack(KeyType type) {
        PrivateKey key = PrivateKey.generate(type, new SecureRandom());
        assertThat(PrivateKey.ofPkcs8(key.pkcs8())).isEqualTo(key);
    }

    /** secp256k1 is not in the JDK any more. */
    @ParameterizedTest
    @CsvSource({"ED25519, Ed25519, Ed25519", "RSA, RSA, SHA256withRSA", "ECDSA, EC, SHA256withECDSA"})
    void pkcs8_theJdkReadsIt(KeyType type, String algorithm, String signing) throws Exception {
        PrivateKey key = PrivateKey.generate(type, new SecureRandom());
        Signature signature = Signature.getInstance(signing);
        signature.initSign(KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(key.pkcs8())));
        signature.update(new byte[] {1, 2, 3});
        assertThat(key.publicKey().verify(new byte[] {1, 2, 3}, signature.sign()))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"Ed25519, ED25519", "RSA, RSA", "EC, ECDSA"})
    void ofPkcs8_keysOfTheJdk(String algorithm, KeyType type) throws Exception {
        byte[] der = java.security.KeyPairGenerator.getInstance(algorithm)
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        assertThat(PrivateKey.ofPkcs8(der).type()).isEqualTo(type);
    }

    @Test
    void ofPkcs8_anythingElse_isRefused() {
        byte[] good = PrivateKey.generate(KeyType.ED25519, new SecureRandom()).pkcs8();
        for (int length = 0; length < good.length; length++) {
            byte[] bad = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> PrivateKey.ofPkcs8(bad)).isInstanceOf(MultiformatException.class);
        }
        byte[] x25519 = good.clone();
        x25519[11] = 0x6e;
        assertThatThrownBy(() -> PrivateKey.ofPkcs8(x25519))
                .hasMessageStartingWith("pkcs8: algorithm 1.3.101.110, want Ed25519");
    }
}
