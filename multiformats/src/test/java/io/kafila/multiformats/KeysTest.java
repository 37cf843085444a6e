package io.kafila.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.testkit.Fixtures;
import io.kafila.testkit.Seed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeysTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] MESSAGE = "a message".getBytes(StandardCharsets.UTF_8);
    private static final Pattern KEY_PAIR =
            Pattern.compile("\"(\\w+)\":\\s*\\{\\s*\"private\":\\s*\"([0-9a-f]+)\",\\s*\"public\":\\s*\"([0-9a-f]+)\"");

    @Test
    void specVectors_eachType_sameBytesBothWays() {
        Matcher pairs = KEY_PAIR.matcher(Fixtures.text("libp2p-specs/keys.json"));
        Map<KeyType, PrivateKey> seen = new HashMap<>();
        while (pairs.find()) {
            byte[] privateBytes = HexFormat.of().parseHex(pairs.group(2));
            byte[] publicBytes = HexFormat.of().parseHex(pairs.group(3));
            PrivateKey key = PrivateKey.decode(privateBytes);
            assertThat(key.type().name()).isEqualToIgnoringCase(pairs.group(1));
            assertThat(key.protobuf()).isEqualTo(privateBytes);
            assertThat(key.publicKey().protobuf()).isEqualTo(publicBytes);
            assertThat(PublicKey.decode(publicBytes)).isEqualTo(key.publicKey());
            assertSigns(key);
            seen.put(key.type(), key);
        }
        assertThat(seen).containsOnlyKeys(KeyType.values());
    }

    /** Keys that go-libp2p and js-libp2p wrote, the old Ed25519 form with a repeated public key among them. */
    @ParameterizedTest
    @CsvSource({
        "go.ed25519.key, ED25519", "go.rsa.key, RSA", "go.secp256k1.key, SECP256K1",
        "js.ed25519.key, ED25519", "js.rsa.key, RSA", "js.secp256k1.key, SECP256K1"
    })
    void keysOfOthers_decoded(String file, KeyType type) {
        PrivateKey key = PrivateKey.decode(Fixtures.bytes("js-libp2p/packages/interop/src/resources/keys/" + file));
        assertThat(key.type()).isEqualTo(type);
        assertThat(PrivateKey.decode(key.protobuf())).isEqualTo(key);
        assertSigns(key);
    }

    @ParameterizedTest
    @ValueSource(ints = {2048, 3072, 4096})
    void rsaKeysOfOthers_fromPkcs8_sign(int bits) throws IOException {
        PrivateKeyInfo pkcs8 =
                PrivateKeyInfo.getInstance(Fixtures.bytes("libp2p-tls/identity/src/test/rsa-" + bits + ".pk8"));
        byte[] pkcs1 = ASN1OctetString.getInstance(pkcs8.getPrivateKey()).getOctets();
        PrivateKey key = PrivateKey.of(KeyType.RSA, pkcs1);
        assertThat(key.raw()).isEqualTo(pkcs1);
        assertSigns(key);
    }

    /** The certificates of the TLS specification hold a key, its signature, and the PeerId that follows. */
    @Test
    void specificationsCertificates_keySignatureAndPeerId_agree() {
        Matcher certificates = Pattern.compile(
                        "\"certificateDerHex\":\\s*\"([0-9a-f]+)\",\\s*\"peerId\":\\s*\"(\\w+)\"")
                .matcher(Fixtures.text("libp2p-specs/tls-certificates.json"));
        Set<KeyType> seen = new HashSet<>();
        while (certificates.find()) {
            TBSCertificate certificate = Certificate.getInstance(HexFormat.of().parseHex(certificates.group(1)))
                    .getTBSCertificate();
            ASN1Sequence signedKey = ASN1Sequence.getInstance(certificate
                    .getExtensions()
                    .getExtension(new ASN1ObjectIdentifier("1.3.6.1.4.1.53594.1.1"))
                    .getExtnValue()
                    .getOctets());
            PublicKey key = PublicKey.decode(octets(signedKey, 0));
            assertThat(key.peerId()).hasToString(certificates.group(2));
            assertThat(PeerId.parse(certificates.group(2)).matches(key)).isTrue();
            assertThat(key.verify(handshakeMessage(certificate), octets(signedKey, 1)))
                    .isTrue();
            seen.add(key.type());
        }
        assertThat(seen).contains(KeyType.ED25519, KeyType.ECDSA, KeyType.SECP256K1);
    }

    @ParameterizedTest
    @EnumSource
    void decode_deeplyNestedDer_refused(KeyType type) {
        byte[] nested = new byte[8000];
        for (int i = 0; i < nested.length; i += 2) {
            nested[i] = 0x30;
            nested[i + 1] = (byte) 0x80;
        }
        assertThatThrownBy(() -> PublicKey.of(type, nested)).isInstanceOf(MultiformatException.class);
        assertThatThrownBy(() -> PrivateKey.of(type, nested)).isInstanceOf(MultiformatException.class);
    }

    @ParameterizedTest
    @EnumSource
    void generate_eachType_signsAndRoundTrips(KeyType type) throws Exception {
        PrivateKey key = PrivateKey.generate(type, RANDOM);
        assertThat(key.type()).isEqualTo(type);
        assertThat(PrivateKey.decode(key.protobuf())).isEqualTo(key).hasSameHashCodeAs(key);
        assertThat(PrivateKey.of(type, key.raw())).isEqualTo(key);
        assertThat(PublicKey.decode(key.publicKey().protobuf())).isEqualTo(key.publicKey());
        assertThat(PublicKey.of(type, key.publicKey().raw())).isEqualTo(key.publicKey());
        assertThat(key).hasToString("private " + type + " key of " + key.peerId());
        assertThat(key).isNotEqualTo(PrivateKey.generate(KeyType.ED25519, RANDOM));
        assertSigns(key);
    }

    /** What we sign the JDK verifies, over the key that we describe to it. */
    @ParameterizedTest
    @CsvSource({"RSA, RSA, SHA256withRSA", "ED25519, Ed25519, Ed25519", "ECDSA, EC, SHA256withECDSA"})
    void spki_readByTheJdk_verifies(KeyType type, String algorithm, String signature) throws Exception {
        PrivateKey key = PrivateKey.generate(type, RANDOM);
        Signature verifier = Signature.getInstance(signature);
        verifier.initVerify(KeyFactory.getInstance(algorithm)
                .generatePublic(new X509EncodedKeySpec(key.publicKey().spki())));
        verifier.update(MESSAGE);
        assertThat(verifier.verify(key.sign(MESSAGE))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"secp384r1", "secp521r1"})
    void ecdsa_otherCurves_readAndVerify(String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        KeyPair pair = generator.generateKeyPair();
        PublicKey key = PublicKey.of(KeyType.ECDSA, pair.getPublic().getEncoded());
        assertThat(key.raw()).isEqualTo(pair.getPublic().getEncoded());
        Signature signer = Signature.getInstance("SHA256withECDSA");
        signer.initSign(pair.getPrivate());
        signer.update(MESSAGE);
        assertThat(key.verify(MESSAGE, signer.sign())).isTrue();
        assertThatThrownBy(() -> PublicKey.of(KeyType.RSA, pair.getPublic().getEncoded()))
                .hasMessageContaining("want rsaEncryption");
    }

    @Test
    void ecdsa_curveByItsParametersOrUnknown_refused() throws Exception {
        byte[] spki = PrivateKey.generate(KeyType.SECP256K1, RANDOM).publicKey().spki();
        assertThatThrownBy(() -> PublicKey.of(KeyType.ECDSA, spki))
                .isInstanceOf(MultiformatException.class)
                .hasMessage("ecdsa public key: curve 1.3.132.0.10, want P-256, P-384 or P-521 by name");
        byte[] rsa = rsaSpki(BigInteger.ONE.shiftLeft(2047), BigInteger.valueOf(65537));
        assertThatThrownBy(() -> PublicKey.of(KeyType.ECDSA, rsa)).hasMessageContaining("want an elliptic curve");
    }

    @Test
    void secp256k1_uncompressedPoint_sameKey() {
        PublicKey key = PrivateKey.generate(KeyType.SECP256K1, RANDOM).publicKey();
        byte[] spki = key.spki();
        PublicKey uncompressed =
                PublicKey.of(KeyType.SECP256K1, Arrays.copyOfRange(spki, spki.length - 65, spki.length));
        assertThat(uncompressed).isEqualTo(key);
        assertThat(uncompressed.raw()).hasSize(33);
    }

    @Test
    void rsa_modulusOutOfRange_refused() throws IOException {
        BigInteger exponent = BigInteger.valueOf(65537);
        byte[] small = rsaSpki(BigInteger.ONE.shiftLeft(2046), exponent);
        assertThatThrownBy(() -> PublicKey.of(KeyType.RSA, small))
                .isInstanceOf(MultiformatException.class)
                .hasMessage("rsa key: modulus of 2047 bits, want 2048 to 8192");
        byte[] large = rsaSpki(BigInteger.ONE.shiftLeft(8192), exponent);
        assertThatThrownBy(() -> PublicKey.of(KeyType.RSA, large))
                .hasMessage("rsa key: modulus of 8193 bits, want 2048 to 8192");
        byte[] slow = rsaSpki(
                BigInteger.ONE.shiftLeft(2047), BigInteger.ONE.shiftLeft(31).add(BigInteger.ONE));
        assertThatThrownBy(() -> PublicKey.of(KeyType.RSA, slow)).hasMessageContaining("public exponent of 32 bits");
        assertThatThrownBy(() -> PrivateKey.generateRsa(1024, RANDOM)).hasMessage("rsa: 1024 bits, want 2048 to 8192");
        assertThat(PublicKey.of(KeyType.RSA, rsaSpki(BigInteger.ONE.shiftLeft(8191), exponent))
                        .type())
                .isEqualTo(KeyType.RSA);
    }

    @Test
    void ed25519_publicKeyBesideIt_mustBeItsOwn() {
        byte[] raw = PrivateKey.generate(KeyType.ED25519, RANDOM).raw();
        raw[40] ^= 1;
        assertThatThrownBy(() -> PrivateKey.of(KeyType.ED25519, raw))
                .isInstanceOf(MultiformatException.class)
                .hasMessage("ed25519 private key: the public key beside it is not its own");
        assertThatThrownBy(() -> PrivateKey.of(KeyType.ED25519, new byte[32]))
                .hasMessage("ed25519 private key: 32 bytes, want 64 or 96");
        assertThatThrownBy(() -> PublicKey.of(KeyType.ED25519, new byte[31]))
                .hasMessage("ed25519 public key: 31 bytes, want 32");
    }

    @Test
    void secp256k1_numberOutOfRange_refused() {
        byte[] all = new byte[32];
        Arrays.fill(all, (byte) 0xFF);
        for (byte[] raw : new byte[][] {new byte[32], all, new byte[31]}) {
            assertThatThrownBy(() -> PrivateKey.of(KeyType.SECP256K1, raw)).isInstanceOf(MultiformatException.class);
        }
        assertThatThrownBy(() -> PublicKey.of(KeyType.SECP256K1, new byte[33]))
                .hasMessage("secp256k1 public key: no point of the curve");
    }

    @ParameterizedTest
    @EnumSource
    void decode_cutAtEveryByte_refused(KeyType type) {
        PrivateKey key = PrivateKey.generate(type, RANDOM);
        for (byte[] bytes : new byte[][] {key.protobuf(), key.publicKey().protobuf()}) {
            for (int length = 0; length < bytes.length; length++) {
                byte[] cut = Arrays.copyOf(bytes, length);
                assertThatThrownBy(() -> PublicKey.decode(cut)).isInstanceOf(MultiformatException.class);
                assertThatThrownBy(() -> PrivateKey.decode(cut)).isInstanceOf(MultiformatException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void verify_mutatedSignature_false(KeyType type) {
        PrivateKey key = PrivateKey.generate(type, RANDOM);
        byte[] signature = key.sign(MESSAGE);
        Seed.each(100, random -> {
            byte[] mutated = random.nextInt(4) == 0 ? Arrays.copyOf(signature, random.nextInt(100)) : signature.clone();
            if (mutated.length > 0) {
                mutated[random.nextInt(mutated.length)] ^= (byte) (1 + random.nextInt(255));
            }
            assertThat(key.publicKey().verify(MESSAGE, mutated)).isFalse();
        });
        assertThat(key.publicKey().verify(MESSAGE, new byte[0])).isFalse();
        assertThat(key.publicKey().verify(new byte[0], signature)).isFalse();
    }

    @Test
    void protobuf_unknownFields_passedOverAndNotKept() {
        PublicKey key = PrivateKey.generate(KeyType.ED25519, RANDOM).publicKey();
        HexFormat hex = HexFormat.of();
        String raw = hex.formatHex(key.raw());
        for (String bytes : new String[] {
            "1220" + raw + "0801",
            "180508011220" + raw,
            "08011220" + raw + "1a03aabbcc",
            "08011220" + raw + "1d01020304",
            "08011220" + raw + "190102030405060708"
        }) {
            PublicKey decoded = PublicKey.decode(hex.parseHex(bytes));
            assertThat(decoded).isEqualTo(key);
            assertThat(hex.formatHex(decoded.protobuf())).isEqualTo("08011220" + raw);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0801, key: protobuf without data",
        "1200, key: protobuf without type",
        "08041200, 'key: type 4, want 0 to 3'",
        "0801127f00, 'key: protobuf field of 127 bytes, 1 are left'",
        "080112ffffffffffffffff7f, 'key: protobuf field of 9223372036854775807 bytes, 0 are left'",
        "0b, 'key: protobuf wire type 3, want 0, 1, 2 or 5'",
        "0000, key: protobuf field 0",
        "1d0000, 'key: protobuf field of 4 bytes, 2 are left'"
    })
    void protobuf_malformed_refusedWithReason(String hex, String message) {
        assertThatThrownBy(() -> PublicKey.decode(HexFormat.of().parseHex(hex)))
                .isInstanceOf(MultiformatException.class)
                .hasMessage(message);
    }

    @Test
    void protobuf_tooLong_refused() {
        assertThatThrownBy(() -> PublicKey.decode(new byte[8193]))
                .hasMessage("key: protobuf of 8193 bytes, want at most 8192");
    }

    private static void assertSigns(PrivateKey key) {
        byte[] signature = key.sign(MESSAGE);
        assertThat(key.publicKey().verify(MESSAGE, signature)).isTrue();
        assertThat(key.publicKey().verify(new byte[] {1}, signature)).isFalse();
        boolean inlined = key.publicKey().protobuf().length <= PeerId.MAX_INLINE_BYTES;
        assertThat(key.peerId().inlinedKey()).isEqualTo(inlined ? Optional.of(key.publicKey()) : Optional.empty());
        assertThat(key.peerId().matches(key.publicKey())).isTrue();
    }

    private static byte[] rsaSpki(BigInteger modulus, BigInteger exponent) throws IOException {
        return new SubjectPublicKeyInfo(
                        new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                        new RSAPublicKey(modulus, exponent))
                .getEncoded();
    }

    private static byte[] octets(ASN1Sequence sequence, int index) {
        return ASN1OctetString.getInstance(sequence.getObjectAt(index)).getOctets();
    }

    private static byte[] handshakeMessage(TBSCertificate certificate) {
        byte[] lead = "libp2p-tls-handshake:".getBytes(StandardCharsets.US_ASCII);
        try {
            byte[] spki = certificate.getSubjectPublicKeyInfo().getEncoded("DER");
            byte[] message = Arrays.copyOf(lead, lead.length + spki.length);
            System.arraycopy(spki, 0, message, lead.length, spki.length);
            return message;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
