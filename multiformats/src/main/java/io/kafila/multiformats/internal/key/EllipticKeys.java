package io.kafila.multiformats.internal.key;

import io.kafila.multiformats.HashFunction;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;

/** What the two schemes over short Weierstrass curves share: ECDSA with SHA-256, nonces of RFC 6979, DER signatures. */
final class EllipticKeys {
    private EllipticKeys() {}

    static byte[] sign(ECPrivateKeyParameters key, byte[] message) {
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, key);
        BigInteger[] rs = signer.generateSignature(sha256(message));
        BigInteger order = key.getParameters().getN();
        // Of the two values of s that fit, the lower one: some verifiers take no other.
        BigInteger s = rs[1].compareTo(order.shiftRight(1)) > 0 ? order.subtract(rs[1]) : rs[1];
        try {
            return StandardDSAEncoding.INSTANCE.encode(order, rs[0], s);
        } catch (IOException e) {
            throw new IllegalStateException("ecdsa: cannot encode a signature", e);
        }
    }

    static boolean verify(ECPublicKeyParameters key, byte[] message, byte[] signature) {
        BigInteger[] rs;
        try {
            rs = StandardDSAEncoding.INSTANCE.decode(key.getParameters().getN(), signature);
        } catch (IOException | RuntimeException e) {
            // A signature that is no DER of two numbers below the order is none of this key.
            return false;
        }
        ECDSASigner signer = new ECDSASigner();
        signer.init(false, key);
        return signer.verifySignature(sha256(message), rs[0], rs[1]);
    }

    static ECPrivateKeyParameters generate(ECDomainParameters domain, SecureRandom random) {
        return new ECPrivateKeyParameters(
                BigIntegers.createRandomInRange(BigInteger.ONE, domain.getN().subtract(BigInteger.ONE), random),
                domain);
    }

    static ECPublicKeyParameters publicOf(ECPrivateKeyParameters key) {
        ECDomainParameters domain = key.getParameters();
        return new ECPublicKeyParameters(new FixedPointCombMultiplier().multiply(domain.getG(), key.getD()), domain);
    }

    private static byte[] sha256(byte[] message) {
        return HashFunction.SHA2_256.newHasher().update(message).digest(HashFunction.SHA2_256.defaultLength());
    }
}
