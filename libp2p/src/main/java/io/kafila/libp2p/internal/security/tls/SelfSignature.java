package io.kafila.libp2p.internal.security.tls;

import io.kafila.libp2p.internal.security.HandshakeException;
import io.kafila.libp2p.internal.security.HandshakeException.Kind;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.jspecify.annotations.Nullable;

/**
 * The check that a certificate is signed by its own key, with an algorithm that TLS 1.3 knows: ECDSA with the hash that fits
 * its named curve, RSA PKCS #1 or PSS with a hash of the SHA-2 family, Ed25519, Ed448.
 */
final class SelfSignature {
    private static final int MIN_RSA_BITS = 2048;
    private static final int MAX_RSA_BITS = 8192;

    private static final Map<ASN1ObjectIdentifier, String> RSA_PKCS1 = Map.of(
            PKCSObjectIdentifiers.sha256WithRSAEncryption, "SHA256withRSA",
            PKCSObjectIdentifiers.sha384WithRSAEncryption, "SHA384withRSA",
            PKCSObjectIdentifiers.sha512WithRSAEncryption, "SHA512withRSA");

    private static final Map<ASN1ObjectIdentifier, String> PSS_HASHES = Map.of(
            NISTObjectIdentifiers.id_sha256, "SHA-256",
            NISTObjectIdentifiers.id_sha384, "SHA-384",
            NISTObjectIdentifiers.id_sha512, "SHA-512");

    /** Which curve goes with which signature algorithm. */
    private static final Map<ASN1ObjectIdentifier, ASN1ObjectIdentifier> ECDSA = Map.of(
            SECObjectIdentifiers.secp256r1, X9ObjectIdentifiers.ecdsa_with_SHA256,
            SECObjectIdentifiers.secp384r1, X9ObjectIdentifiers.ecdsa_with_SHA384,
            SECObjectIdentifiers.secp521r1, X9ObjectIdentifiers.ecdsa_with_SHA512);

    private static final Map<ASN1ObjectIdentifier, String> ECDSA_NAMES = Map.of(
            X9ObjectIdentifiers.ecdsa_with_SHA256, "SHA256withECDSA",
            X9ObjectIdentifiers.ecdsa_with_SHA384, "SHA384withECDSA",
            X9ObjectIdentifiers.ecdsa_with_SHA512, "SHA512withECDSA");

    private record Scheme(
            String keyAlgorithm, String signature, @Nullable AlgorithmParameterSpec parameters) {}

    private SelfSignature() {}

    /** @throws HandshakeException if the algorithm is not one of ours or the signature is wrong */
    static void verify(PeerCertificate certificate) {
        AlgorithmIdentifier algorithm = certificate.outerAlgorithm();
        if (!algorithm.equals(certificate.innerAlgorithm())) {
            throw refused("signature algorithm differs inside and outside of what is signed", null);
        }
        Scheme scheme = scheme(certificate.subjectPublicKeyInfo().getAlgorithm(), algorithm);
        boolean valid;
        try {
            PublicKey key = KeyFactory.getInstance(scheme.keyAlgorithm)
                    .generatePublic(new X509EncodedKeySpec(certificate.encodedKey()));
            if (key instanceof RSAPublicKey rsa) {
                requireSize(rsa.getModulus().bitLength());
            }
            Signature signature = Signature.getInstance(scheme.signature);
            if (scheme.parameters != null) {
                signature.setParameter(scheme.parameters);
            }
            signature.initVerify(key);
            signature.update(certificate.signed());
            valid = signature.verify(certificate.signature());
        } catch (GeneralSecurityException e) {
            throw refused("self-signature cannot be checked: " + e.getMessage(), e);
        }
        if (!valid) {
            throw refused("self-signature is wrong", null);
        }
    }

    private static Scheme scheme(AlgorithmIdentifier key, AlgorithmIdentifier signature) {
        ASN1ObjectIdentifier keyType = key.getAlgorithm();
        ASN1ObjectIdentifier signatureType = signature.getAlgorithm();
        if (keyType.equals(X9ObjectIdentifiers.id_ecPublicKey)
                && key.getParameters() instanceof ASN1ObjectIdentifier curve
                && signatureType.equals(ECDSA.get(curve))) {
            return new Scheme("EC", ECDSA_NAMES.getOrDefault(signatureType, ""), null);
        }
        if (keyType.equals(PKCSObjectIdentifiers.rsaEncryption)) {
            String name = RSA_PKCS1.get(signatureType);
            if (name != null) {
                return new Scheme("RSA", name, null);
            }
            if (signatureType.equals(PKCSObjectIdentifiers.id_RSASSA_PSS)) {
                return new Scheme("RSA", "RSASSA-PSS", pss(signature.getParameters()));
            }
        }
        if (keyType.equals(EdECObjectIdentifiers.id_Ed25519) && signatureType.equals(keyType)) {
            return new Scheme("Ed25519", "Ed25519", null);
        }
        if (keyType.equals(EdECObjectIdentifiers.id_Ed448) && signatureType.equals(keyType)) {
            return new Scheme("Ed448", "Ed448", null);
        }
        throw refused("signature algorithm " + signatureType + " with a key of " + keyType, null);
    }

    private static PSSParameterSpec pss(@Nullable ASN1Encodable encoded) {
        RSASSAPSSparams parameters;
        try {
            parameters = RSASSAPSSparams.getInstance(encoded);
        } catch (IllegalArgumentException e) {
            throw refused("RSASSA-PSS parameters do not decode", e);
        }
        String hash = parameters == null
                ? null
                : PSS_HASHES.get(parameters.getHashAlgorithm().getAlgorithm());
        if (parameters == null || hash == null) {
            throw refused("RSASSA-PSS without a hash of the SHA-2 family", null);
        }
        AlgorithmIdentifier mask = parameters.getMaskGenAlgorithm();
        boolean sameHash = mask.getAlgorithm().equals(PKCSObjectIdentifiers.id_mgf1)
                && AlgorithmIdentifier.getInstance(mask.getParameters())
                        .getAlgorithm()
                        .equals(parameters.getHashAlgorithm().getAlgorithm());
        if (!sameHash) {
            throw refused("RSASSA-PSS with another hash in its mask", null);
        }
        int salt = parameters.getSaltLength().intValueExact();
        return new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), salt, 1);
    }

    private static void requireSize(int bits) {
        if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
            throw refused("RSA key of " + bits + " bits, want " + MIN_RSA_BITS + " to " + MAX_RSA_BITS, null);
        }
    }

    private static HandshakeException refused(String what, @Nullable Throwable cause) {
        return new HandshakeException(Kind.BAD_IDENTITY, "tls: certificate: " + what, cause);
    }
}
