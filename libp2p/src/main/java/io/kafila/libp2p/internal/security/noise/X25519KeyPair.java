package io.kafila.libp2p.internal.security.noise;

import java.security.SecureRandom;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.jspecify.annotations.Nullable;

/** A Diffie-Hellman key pair of RFC 7748. Immutable; the arrays are shared within the package and never changed. */
final class X25519KeyPair {
    static final int KEY_BYTES = 32;

    private final byte[] secret;
    private final byte[] publicKey;

    private X25519KeyPair(byte[] secret) {
        this.secret = secret;
        this.publicKey = new byte[KEY_BYTES];
        X25519.scalarMultBase(secret, 0, publicKey, 0);
    }

    static X25519KeyPair generate(SecureRandom random) {
        byte[] secret = new byte[KEY_BYTES];
        X25519.generatePrivateKey(random, secret);
        return new X25519KeyPair(secret);
    }

    static X25519KeyPair of(byte[] secret) {
        if (secret.length != KEY_BYTES) {
            throw new IllegalArgumentException("x25519: secret of " + secret.length + " bytes, want " + KEY_BYTES);
        }
        return new X25519KeyPair(secret.clone());
    }

    byte[] publicKey() {
        return publicKey;
    }

    /** The shared secret with the holder of {@code remote}; {@code null} if that is a point of small order. */
    byte @Nullable [] agree(byte[] remote) {
        byte[] shared = new byte[KEY_BYTES];
        return X25519.calculateAgreement(secret, 0, remote, 0, shared, 0) ? shared : null;
    }
}
