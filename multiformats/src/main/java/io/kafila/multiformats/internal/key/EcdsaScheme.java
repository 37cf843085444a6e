package io.kafila.multiformats.internal.key;

import io.kafila.multiformats.MultiformatException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;

/**
 * ECDSA on the NIST curves P-256 (the one that is made), P-384 and P-521: the public key is a DER SubjectPublicKeyInfo,
 * the private one a DER ECPrivateKey (RFC 5915). Curves are taken by name only, never by their parameters.
 */
final class EcdsaScheme implements KeyScheme {
    /** A curve and its name. */
    private record Curve(ASN1ObjectIdentifier name, ECDomainParameters domain) {
        static final Curve P256 = of(SECObjectIdentifiers.secp256r1);
        static final List<Curve> ALL =
                List.of(P256, of(SECObjectIdentifiers.secp384r1), of(SECObjectIdentifiers.secp521r1));

        static Curve of(ASN1ObjectIdentifier name) {
            return new Curve(name, new ECDomainParameters(CustomNamedCurves.getByOID(name)));
        }

        static Curve named(ASN1Encodable parameters, String subject) {
            for (Curve curve : ALL) {
                if (curve.name.equals(parameters)) {
                    return curve;
                }
            }
            throw new MultiformatException(subject + ": curve " + parameters + ", want P-256, P-384 or P-521 by name");
        }
    }

    @Override
    public VerifyingKey readPublic(byte[] raw) {
        try {
            SubjectPublicKeyInfo spki = SubjectPublicKeyInfo.getInstance(ASN1Primitive.fromByteArray(raw));
            AlgorithmIdentifier algorithm = spki.getAlgorithm();
            if (!X9ObjectIdentifiers.id_ecPublicKey.equals(algorithm.getAlgorithm())) {
                throw new MultiformatException(
                        "ecdsa public key: algorithm " + algorithm.getAlgorithm() + ", want an elliptic curve");
            }
            Curve curve = Curve.named(algorithm.getParameters(), "ecdsa public key");
            byte[] point = spki.getPublicKeyData().getOctets();
            return new Public(
                    curve, new ECPublicKeyParameters(curve.domain.getCurve().decodePoint(point), curve.domain));
        } catch (MultiformatException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new MultiformatException("ecdsa public key: no SubjectPublicKeyInfo of a point", e);
        }
    }

    @Override
    public SigningKey readPrivate(byte[] raw) {
        try {
            ECPrivateKey der = ECPrivateKey.getInstance(ASN1Primitive.fromByteArray(raw));
            Curve curve = Curve.named(der.getParametersObject(), "ecdsa private key");
            BigInteger number = der.getKey();
            if (number.signum() <= 0 || number.compareTo(curve.domain.getN()) >= 0) {
                throw new MultiformatException("ecdsa private key: want a number from 1 to the order of the curve");
            }
            Private key = new Private(curve, new ECPrivateKeyParameters(number, curve.domain));
            if (der.getPublicKey() != null
                    && !curve.domain
                            .getCurve()
                            .decodePoint(der.getPublicKey().getOctets())
                            .equals(key.verifyingKey.key.getQ())) {
                throw new MultiformatException("ecdsa private key: the public key beside it is not its own");
            }
            return key;
        } catch (MultiformatException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new MultiformatException("ecdsa private key: no ECPrivateKey", e);
        }
    }

    @Override
    public SigningKey generate(SecureRandom random) {
        return new Private(Curve.P256, EllipticKeys.generate(Curve.P256.domain, random));
    }

    private record Public(Curve curve, ECPublicKeyParameters key) implements VerifyingKey {
        @Override
        public byte[] raw() {
            try {
                return new SubjectPublicKeyInfo(
                                new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve.name),
                                key.getQ().getEncoded(false))
                        .getEncoded(ASN1Encoding.DER);
            } catch (IOException e) {
                throw new IllegalStateException("ecdsa: cannot encode a public key", e);
            }
        }

        @Override
        public byte[] spki() {
            return raw();
        }

        @Override
        public boolean verify(byte[] message, byte[] signature) {
            return EllipticKeys.verify(key, message, signature);
        }
    }

    private static final class Private implements SigningKey {
        private final Curve curve;
        private final ECPrivateKeyParameters key;
        private final Public verifyingKey;

        Private(Curve curve, ECPrivateKeyParameters key) {
            this.curve = curve;
            this.key = key;
            this.verifyingKey = new Public(curve, EllipticKeys.publicOf(key));
        }

        @Override
        public byte[] raw() {
            try {
                return new ECPrivateKey(
                                curve.domain.getN().bitLength(),
                                key.getD(),
                                new DERBitString(verifyingKey.key.getQ().getEncoded(false)),
                                curve.name)
                        .getEncoded(ASN1Encoding.DER);
            } catch (IOException e) {
                throw new IllegalStateException("ecdsa: cannot encode a private key", e);
            }
        }

        @Override
        public VerifyingKey verifyingKey() {
            return verifyingKey;
        }

        @Override
        public byte[] sign(byte[] message) {
            return EllipticKeys.sign(key, message);
        }
    }
}
