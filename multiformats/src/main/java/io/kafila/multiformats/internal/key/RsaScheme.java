package io.kafila.multiformats.internal.key;

import io.kafila.multiformats.MultiformatException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPublicKeySpec;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * RSA with SHA-256 and PKCS #1 v1.5 padding: the public key is a DER SubjectPublicKeyInfo, the private one a DER
 * RSAPrivateKey of PKCS #1. Moduli have {@value #MIN_BITS} to {@value #MAX_BITS} bits, as in go-libp2p.
 */
public final class RsaScheme implements KeyScheme {
    public static final int MIN_BITS = 2048;
    public static final int MAX_BITS = 8192;

    /** Longer exponents only cost the verifier time; everybody uses 65537. */
    private static final int MAX_EXPONENT_BITS = 31;

    private static final String ALGORITHM = "SHA256withRSA";

    private final int generatedBits;

    /** @param generatedBits the length of the keys that are made */
    public RsaScheme(int generatedBits) {
        if (generatedBits < MIN_BITS || generatedBits > MAX_BITS) {
            throw new IllegalArgumentException("rsa: " + generatedBits + " bits, want " + MIN_BITS + " to " + MAX_BITS);
        }
        this.generatedBits = generatedBits;
    }

    @Override
    public VerifyingKey readPublic(byte[] raw) {
        try {
            SubjectPublicKeyInfo spki = SubjectPublicKeyInfo.getInstance(ASN1Primitive.fromByteArray(raw));
            if (!PKCSObjectIdentifiers.rsaEncryption.equals(spki.getAlgorithm().getAlgorithm())) {
                throw new MultiformatException(
                        "rsa public key: algorithm " + spki.getAlgorithm().getAlgorithm() + ", want rsaEncryption");
            }
            RSAPublicKey key = RSAPublicKey.getInstance(spki.parsePublicKey());
            return publicKey(key.getModulus(), key.getPublicExponent());
        } catch (MultiformatException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new MultiformatException("rsa public key: no SubjectPublicKeyInfo of RSA", e);
        }
    }

    @Override
    public SigningKey readPrivate(byte[] raw) {
        try {
            RSAPrivateKey der = RSAPrivateKey.getInstance(ASN1Primitive.fromByteArray(raw));
            Public verifyingKey = publicKey(der.getModulus(), der.getPublicExponent());
            BigInteger p1 = der.getPrime1().subtract(BigInteger.ONE);
            BigInteger p2 = der.getPrime2().subtract(BigInteger.ONE);
            BigInteger one = der.getPublicExponent().multiply(der.getPrivateExponent());
            if (p1.signum() <= 0
                    || p2.signum() <= 0
                    || !der.getPrime1().multiply(der.getPrime2()).equals(der.getModulus())
                    || !one.mod(p1).equals(BigInteger.ONE)
                    || !one.mod(p2).equals(BigInteger.ONE)) {
                throw new MultiformatException("rsa private key: its numbers do not belong together");
            }
            PrivateKey key = KeyFactory.getInstance("RSA")
                    .generatePrivate(new RSAPrivateCrtKeySpec(
                            der.getModulus(),
                            der.getPublicExponent(),
                            der.getPrivateExponent(),
                            der.getPrime1(),
                            der.getPrime2(),
                            der.getExponent1(),
                            der.getExponent2(),
                            der.getCoefficient()));
            return new Private(key, verifyingKey, der.getEncoded(ASN1Encoding.DER));
        } catch (MultiformatException e) {
            throw e;
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new MultiformatException("rsa private key: no RSAPrivateKey of PKCS #1", e);
        }
    }

    @Override
    public SigningKey generate(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(new RSAKeyGenParameterSpec(generatedBits, RSAKeyGenParameterSpec.F4), random);
            RSAPrivateCrtKey key =
                    (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();
            byte[] raw = new RSAPrivateKey(
                            key.getModulus(),
                            key.getPublicExponent(),
                            key.getPrivateExponent(),
                            key.getPrimeP(),
                            key.getPrimeQ(),
                            key.getPrimeExponentP(),
                            key.getPrimeExponentQ(),
                            key.getCrtCoefficient())
                    .getEncoded(ASN1Encoding.DER);
            return new Private(key, publicKey(key.getModulus(), key.getPublicExponent()), raw);
        } catch (InvalidAlgorithmParameterException e) {
            throw new IllegalArgumentException("rsa: cannot make a key of " + generatedBits + " bits", e);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("rsa: cannot make a key", e);
        }
    }

    private static Public publicKey(BigInteger modulus, BigInteger exponent) {
        int bits = modulus.bitLength();
        if (modulus.signum() <= 0 || bits < MIN_BITS || bits > MAX_BITS) {
            throw new MultiformatException(
                    "rsa key: modulus of " + bits + " bits, want " + MIN_BITS + " to " + MAX_BITS);
        }
        if (exponent.bitLength() > MAX_EXPONENT_BITS
                || exponent.compareTo(BigInteger.TWO) <= 0
                || !exponent.testBit(0)) {
            throw new MultiformatException("rsa key: public exponent of " + exponent.bitLength()
                    + " bits, want an odd number above 2 of at most " + MAX_EXPONENT_BITS);
        }
        try {
            byte[] raw = new SubjectPublicKeyInfo(
                            new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                            new RSAPublicKey(modulus, exponent))
                    .getEncoded(ASN1Encoding.DER);
            return new Public(
                    KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent)), raw);
        } catch (IOException | GeneralSecurityException e) {
            throw new MultiformatException("rsa public key: refused by the provider", e);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // Never compared; the array never leaves uncopied.
    private record Public(PublicKey key, byte[] encoded) implements VerifyingKey {
        @Override
        public byte[] raw() {
            return encoded.clone();
        }

        @Override
        public byte[] spki() {
            return encoded.clone();
        }

        @Override
        public boolean verify(byte[] message, byte[] signature) {
            try {
                Signature verifier = Signature.getInstance(ALGORITHM);
                verifier.initVerify(key);
                verifier.update(message);
                return verifier.verify(signature);
            } catch (SignatureException e) {
                // What has not the form of a signature is none of this key.
                return false;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("rsa: cannot verify", e);
            }
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // Never compared; the array never leaves uncopied.
    private record Private(PrivateKey key, Public verifyingKey, byte[] encoded) implements SigningKey {
        @Override
        public byte[] raw() {
            return encoded.clone();
        }

        @Override
        public byte[] sign(byte[] message) {
            try {
                Signature signer = Signature.getInstance(ALGORITHM);
                signer.initSign(key);
                signer.update(message);
                return signer.sign();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("rsa: cannot sign", e);
            }
        }
    }
}
