package io.kafila.multiformats.internal.key;

import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.MultiformatException;
import java.security.SecureRandom;

/** One kind of keys. */
public interface KeyScheme {
    /** @throws MultiformatException if {@code raw} is no public key of this kind */
    VerifyingKey readPublic(byte[] raw);

    /** @throws MultiformatException if {@code raw} is no private key of this kind */
    SigningKey readPrivate(byte[] raw);

    SigningKey generate(SecureRandom random);

    static KeyScheme of(KeyType type) {
        return switch (type) {
            case RSA -> new RsaScheme(RsaScheme.MIN_BITS);
            case ED25519 -> new Ed25519Scheme();
            case SECP256K1 -> new Secp256k1Scheme();
            case ECDSA -> new EcdsaScheme();
        };
    }
}
