package io.kafila.libp2p.internal.security.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.libp2p.internal.security.HandshakeException;
import io.kafila.libp2p.internal.security.HandshakeException.Kind;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.PrivateKey;
import io.kafila.multiformats.PublicKey;
import io.kafila.testkit.Fixtures;
import io.kafila.testkit.Seed;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateVerifierTest {
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    private static final String ASSETS = "libp2p-tls/transports/tls/src/test_assets/";

    private final SecureRandom random = new SecureRandom();
    private final PrivateKey identity = PrivateKey.generate(KeyType.ED25519, random);
    private final CertificateVerifier verifier = new CertificateVerifier();

    private PublicKey verify(byte[] certificate) {
        return verifier.verify(List.of(certificate), null, NOW);
    }

    private void assertRefused(byte[] certificate, Kind kind, String message) {
        assertThatThrownBy(() -> verify(certificate))
                .isInstanceOfSatisfying(
                        HandshakeException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(message);
    }

    @Test
    void verify_certificatesOfTheSpec_asItSays() {
        Matcher vector = Pattern.compile(
                        "\"certificateDerHex\":\\s*\"([0-9a-f]+)\",\\s*\"peerId\":\\s*(?:\"(\\w+)\"|null)")
                .matcher(Fixtures.text("libp2p-specs/tls-certificates.json"));
        List<String> seen = new ArrayList<>();
        while (vector.find()) {
            byte[] certificate = HexFormat.of().parseHex(vector.group(1));
            if (vector.group(2) == null) {
                assertThatThrownBy(() -> verify(certificate)).isInstanceOf(HandshakeException.class);
                seen.add("refused");
            } else {
                PeerId peer = PeerId.parse(vector.group(2));
                assertThat(verifier.verify(List.of(certificate), peer, NOW).peerId())
                        .isEqualTo(peer);
                seen.add(peer.toString());
            }
        }
        assertThat(seen).hasSize(4).contains("refused");
    }

    /** Their self-signatures are right; their key extension was signed for another key. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ed25519",
                "ed448",
                "nistp256_sha256",
                "nistp384_sha384",
                "nistp521_sha512",
                "rsa_pkcs1_sha256",
                "rsa_pkcs1_sha384",
                "rsa_pkcs1_sha512",
                "pkcs1_sha256"
            })
    void verify_goodAlgorithmOfRustLibp2p_onlyTheIdentityIsRefused(String name) {
        byte[] certificate = Fixtures.bytes(ASSETS + name + ".der");

        assertThatCode(() -> SelfSignature.verify(PeerCertificate.decode(certificate)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> verifier.verify(List.of(certificate), null, Instant.parse("2021-12-20T00:00:00Z")))
                .isInstanceOf(HandshakeException.class)
                .hasMessageContaining("over its certificate's key is wrong");
        assertRefused(certificate, Kind.BAD_IDENTITY, "valid from 2021-12-1");
    }

    @Test
    void verify_rsaPssOfRustLibp2p_accepted() {
        byte[] certificate = Fixtures.bytes(ASSETS + "rsa_pss_sha384.der");

        assertThat(verify(certificate)).isNotNull();
        certificate[certificate.length - 1] ^= 1;
        assertRefused(certificate, Kind.BAD_IDENTITY, "self-signature is wrong");
    }

    @Test
    void verify_hashThatDoesNotFitTheCurve_refused() {
        byte[] certificate = Fixtures.bytes(ASSETS + "nistp384_sha256.der");

        assertThatThrownBy(() -> SelfSignature.verify(PeerCertificate.decode(certificate)))
                .hasMessageContaining("signature algorithm 1.2.840.10045.4.3.2");
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void verify_ownCertificate_anyIdentity(KeyType type) throws Exception {
        PrivateKey key = PrivateKey.generate(type, random);
        HostCertificate host = HostCertificate.create(key, random, NOW);

        assertThat(verify(host.certificate().getEncoded())).isEqualTo(key.publicKey());
        assertThat(host.toString()).doesNotContain("PrivateKey");
    }

    @Test
    void verify_anotherPeerExpected_namesBoth() throws Exception {
        PeerId wanted = PrivateKey.generate(KeyType.ED25519, random).peerId();
        List<byte[]> chain = List.of(
                HostCertificate.create(identity, random, NOW).certificate().getEncoded());

        assertThatThrownBy(() -> verifier.verify(chain, wanted, NOW))
                .isInstanceOfSatisfying(
                        HandshakeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.WRONG_PEER))
                .hasMessage("tls: peer id mismatch: the peer is " + identity.peerId() + ", want " + wanted);
    }

    @Test
    void verify_noneOrTwoCertificates_refused() throws Exception {
        byte[] one = HostCertificate.create(identity, random, NOW).certificate().getEncoded();
        assertThatThrownBy(() -> verifier.verify(List.of(one, one), null, NOW))
                .hasMessage("tls: certificate: 2 certificates, want exactly one");
        assertThatThrownBy(() -> verifier.verify(List.of(), null, NOW)).hasMessageContaining("0 certificates");
    }

    @Test
    void verify_outsideItsDates_refused() throws Exception {
        List<byte[]> chain = List.of(
                HostCertificate.create(identity, random, NOW).certificate().getEncoded());
        assertThatCode(() -> verifier.verify(chain, null, NOW.minus(Duration.ofMinutes(59))))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> verifier.verify(chain, null, NOW.minus(Duration.ofMinutes(61))))
                .hasMessageContaining("now is 2026-05-31T22:59:00Z");
        assertThatThrownBy(() -> verifier.verify(chain, null, NOW.plus(Duration.ofDays(36_501))))
                .hasMessageContaining("valid from");
    }

    /** A certificate with extensions of choice. */
    private byte[] certificate(boolean withKey, Extra @Nullable ... extras) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256, random);
        KeyPair keys = generator.generateKeyPair();
        X500Name name = new X500Name("CN=test");
        X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                name,
                BigInteger.ONE,
                Date.from(NOW.minusSeconds(1)),
                Date.from(NOW.plusSeconds(1)),
                name,
                SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
        if (withKey) {
            builder.addExtension(
                    SignedKeyExtension.OID,
                    true,
                    SignedKeyExtension.create(identity, keys.getPublic().getEncoded()));
        }
        for (Extra extra : extras) {
            builder.addExtension(extra.oid, extra.critical, extra.value);
        }
        return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                .getEncoded();
    }

    private record Extra(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {}

    @Test
    void verify_extensions_onlyUnknownCriticalOnesRefused() throws Exception {
        ASN1ObjectIdentifier unknown = new ASN1ObjectIdentifier("1.2.3.4.5");
        assertThat(verify(certificate(true))).isEqualTo(identity.publicKey());
        assertThat(verify(certificate(
                        true,
                        new Extra(unknown, false, DERNull.INSTANCE),
                        new Extra(Extension.basicConstraints, true, new BasicConstraints(false)),
                        new Extra(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature)))))
                .isEqualTo(identity.publicKey());
        assertRefused(
                certificate(true, new Extra(unknown, true, DERNull.INSTANCE)),
                Kind.BAD_IDENTITY,
                "unknown critical extension 1.2.3.4.5");
        assertRefused(
                certificate(true, new Extra(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyAgreement))),
                Kind.BAD_IDENTITY,
                "without digitalSignature");
        assertRefused(certificate(false), Kind.BAD_IDENTITY, "no extensions");
        assertRefused(
                certificate(false, new Extra(unknown, false, DERNull.INSTANCE)), Kind.BAD_IDENTITY, "no key extension");
        assertRefused(
                certificate(false, new Extra(SignedKeyExtension.OID, false, DERNull.INSTANCE)),
                Kind.BAD_IDENTITY,
                "key extension");
    }

    @Test
    void verify_anyByteChanged_refused() throws Exception {
        byte[] good =
                HostCertificate.create(identity, random, NOW).certificate().getEncoded();
        for (int i = 0; i < good.length; i++) {
            byte[] changed = good.clone();
            changed[i] ^= 0x11;
            assertThatThrownBy(() -> verify(changed)).as("byte %s", i).isInstanceOf(HandshakeException.class);
        }
    }

    @Test
    void verify_truncatedOrExtended_refused() throws Exception {
        byte[] good =
                HostCertificate.create(identity, random, NOW).certificate().getEncoded();
        for (int length = 0; length < good.length; length++) {
            assertRefused(Arrays.copyOf(good, length), Kind.MALFORMED, "does not decode");
        }
        assertRefused(Arrays.copyOf(good, good.length + 1), Kind.MALFORMED, "does not decode");
        assertRefused(
                new byte[PeerCertificate.MAX_BYTES + 1],
                Kind.TOO_LARGE,
                "certificate of 16385 bytes, want at most 16384");
    }

    @Test
    void verify_hostileBytes_failsOnlyAsDeclared() throws Exception {
        byte[] good =
                HostCertificate.create(identity, random, NOW).certificate().getEncoded();
        Seed.each(3000, draw -> {
            byte[] bad = draw.nextInt(4) == 0 ? new byte[draw.nextInt(600)] : good.clone();
            if (bad.length != good.length) {
                draw.nextBytes(bad);
            } else {
                for (int i = 1 + draw.nextInt(4); i > 0; i--) {
                    bad[draw.nextInt(bad.length)] = (byte) draw.nextInt();
                }
            }
            if (!Arrays.equals(bad, good)) {
                assertThatThrownBy(() -> verify(bad)).isInstanceOf(HandshakeException.class);
            }
        });
    }
}
