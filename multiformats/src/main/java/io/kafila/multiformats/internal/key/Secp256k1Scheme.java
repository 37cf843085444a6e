package io.kafila.multiformats.internal.key;

import io.kafila.multiformats.MultiformatException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.util.BigIntegers;

/** The curve of Bitcoin: the public key is a compressed point of 33 bytes, the private one a number of 32. */
final class Secp256k1Scheme implements KeyScheme {
    private static final int PRIVATE_BYTES = 32;
    private static final int COMPRESSED_BYTES = 33;
    private static final int UNCOMPRESSED_BYTES = 65;
    private static final ECDomainParameters DOMAIN =
            new ECDomainParameters(CustomNamedCurves.getByOID(SECObjectIdentifiers.secp256k1));

    @Override
    public VerifyingKey readPublic(byte[] raw) {
        if (raw.length != COMPRESSED_BYTES && raw.length != UNCOMPRESSED_BYTES) {
            throw new MultiformatException("secp256k1 public key: " + raw.length + " bytes, want " + COMPRESSED_BYTES
                    + " or " + UNCOMPRESSED_BYTES);
        }
        try {
            return new Public(new ECPublicKeyParameters(DOMAIN.getCurve().decodePoint(raw), DOMAIN));
        } catch (IllegalArgumentException e) {
            throw new MultiformatException("secp256k1 public key: no point of the curve", e);
        }
    }

    @Override
    public SigningKey readPrivate(byte[] raw) {
        if (raw.length != PRIVATE_BYTES) {
            throw new MultiformatException("secp256k1 private key: " + raw.length + " bytes, want " + PRIVATE_BYTES);
        }
        BigInteger number = new BigInteger(1, raw);
        if (number.signum() == 0 || number.compareTo(DOMAIN.getN()) >= 0) {
            throw new MultiformatException("secp256k1 private key: want a number from 1 to the order of the curve");
        }
        return new Private(new ECPrivateKeyParameters(number, DOMAIN));
    }

    @Override
    public SigningKey generate(SecureRandom random) {
        return new Private(EllipticKeys.generate(DOMAIN, random));
    }

    private record Public(ECPublicKeyParameters key) implements VerifyingKey {
        @Override
        public byte[] raw() {
            return key.getQ().getEncoded(true);
        }

        @Override
        public byte[] spki() {
            try {
                return new SubjectPublicKeyInfo(
                                new AlgorithmIdentifier(
                                        X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp256k1),
                                key.getQ().getEncoded(false))
                        .getEncoded(ASN1Encoding.DER);
            } catch (IOException e) {
                throw new IllegalStateException("secp256k1: cannot encode a public key", e);
            }
        }

        @Override
        public boolean verify(byte[] message, byte[] signature) {
            return EllipticKeys.verify(key, message, signature);
        }
    }

    private static final class Private implements SigningKey {
        private final ECPrivateKeyParameters key;
        private final Public verifyingKey;

        Private(ECPrivateKeyParameters key) {
            this.key = key;
            this.verifyingKey = new Public(EllipticKeys.publicOf(key));
        }

        @Override
        public byte[] raw() {
            return BigIntegers.asUnsignedByteArray(PRIVATE_BYTES, key.getD());
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
