package io.kafila.libp2p.internal.security.tls;

import io.kafila.multiformats.PrivateKey;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A host's self-signed certificate with its key, made anew at each start: ECDSA on P-256, which every peer's TLS knows.
 * Immutable.
 */
public record HostCertificate(X509Certificate certificate, java.security.PrivateKey key) {
    /** Peers' clocks may run behind. */
    private static final Duration BACKDATED = Duration.ofHours(1);

    private static final Duration VALIDITY = Duration.ofDays(100 * 365L);

    private static final int SERIAL_BITS = 62;

    public static HostCertificate create(PrivateKey identity, SecureRandom random, Instant now) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair keys = generator.generateKeyPair();
            X500Name name = new X500NameBuilder(BCStyle.INSTANCE)
                    .addRDN(BCStyle.SERIALNUMBER, new BigInteger(SERIAL_BITS, random).toString())
                    .build();
            byte[] subjectPublicKeyInfo = keys.getPublic().getEncoded();
            X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                    name,
                    new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
                    Date.from(now.minus(BACKDATED)),
                    Date.from(now.plus(VALIDITY)),
                    name,
                    SubjectPublicKeyInfo.getInstance(subjectPublicKeyInfo));
            builder.addExtension(
                    SignedKeyExtension.OID, false, SignedKeyExtension.create(identity, subjectPublicKeyInfo));
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
            return new HostCertificate(certificate, keys.getPrivate());
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("tls: this JVM cannot make a P-256 certificate", e);
        }
    }

    /** Never shows the key. */
    @Override
    public String toString() {
        return "certificate " + certificate.getSerialNumber();
    }
}
