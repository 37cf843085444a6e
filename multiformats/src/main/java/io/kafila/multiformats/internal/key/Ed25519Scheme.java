package io.kafila.multiformats.internal.key;

import io.kafila.multiformats.MultiformatException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** Ed25519 (RFC 8032): the public key is 32 bytes, the private one its 32-byte seed followed by the public key. */
final class Ed25519Scheme implements KeyScheme {
    private static final int KEY_BYTES = 32;
    private static final int PRIVATE_BYTES = 2 * KEY_BYTES;
    /** An old form of the private key that repeats the public one. */
    private static final int REDUNDANT_PRIVATE_BYTES = 3 * KEY_BYTES;

    /** RFC 8410: a SubjectPublicKeyInfo of Ed25519 but for the key. */
    private static final byte[] SPKI_LEAD = HexFormat.of().parseHex("302a300506032b6570032100");

    @Override
    public VerifyingKey readPublic(byte[] raw) {
        if (raw.length != KEY_BYTES) {
            throw new MultiformatException("ed25519 public key: " + raw.length + " bytes, want " + KEY_BYTES);
        }
        try {
            return new Public(new Ed25519PublicKeyParameters(raw));
        } catch (IllegalArgumentException e) {
            throw new MultiformatException("ed25519 public key: no point of the curve", e);
        }
    }

    @Override
    public SigningKey readPrivate(byte[] raw) {
        if (raw.length != PRIVATE_BYTES && raw.length != REDUNDANT_PRIVATE_BYTES) {
            throw new MultiformatException("ed25519 private key: " + raw.length + " bytes, want " + PRIVATE_BYTES
                    + " or " + REDUNDANT_PRIVATE_BYTES);
        }
        Private key = new Private(new Ed25519PrivateKeyParameters(raw, 0));
        byte[] publicKey = key.verifyingKey.raw();
        for (int at = KEY_BYTES; at < raw.length; at += KEY_BYTES) {
            if (!Arrays.equals(publicKey, 0, KEY_BYTES, raw, at, at + KEY_BYTES)) {
                throw new MultiformatException("ed25519 private key: the public key beside it is not its own");
            }
        }
        return key;
    }

    @Override
    public SigningKey generate(SecureRandom random) {
        return new Private(new Ed25519PrivateKeyParameters(random));
    }

    private record Public(Ed25519PublicKeyParameters key) implements VerifyingKey {
        @Override
        public byte[] raw() {
            return key.getEncoded();
        }

        @Override
        public byte[] spki() {
            byte[] spki = Arrays.copyOf(SPKI_LEAD, SPKI_LEAD.length + KEY_BYTES);
            key.encode(spki, SPKI_LEAD.length);
            return spki;
        }

        @Override
        public boolean verify(byte[] message, byte[] signature) {
            return signature.length == Ed25519.SIGNATURE_SIZE
                    && key.verify(Ed25519.Algorithm.Ed25519, null, message, 0, message.length, signature, 0);
        }
    }

    private static final class Private implements SigningKey {
        private final Ed25519PrivateKeyParameters key;
        private final Public verifyingKey;

        Private(Ed25519PrivateKeyParameters key) {
            this.key = key;
            this.verifyingKey = new Public(key.generatePublicKey());
        }

        @Override
        public byte[] raw() {
            byte[] raw = new byte[PRIVATE_BYTES];
            key.encode(raw, 0);
            verifyingKey.key().encode(raw, KEY_BYTES);
            return raw;
        }

        @Override
        public VerifyingKey verifyingKey() {
            return verifyingKey;
        }

        @Override
        public byte[] sign(byte[] message) {
            byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
            key.sign(Ed25519.Algorithm.Ed25519, null, message, 0, message.length, signature, 0);
            return signature;
        }
    }
}
