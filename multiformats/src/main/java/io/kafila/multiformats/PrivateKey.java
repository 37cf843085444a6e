package io.kafila.multiformats;

import io.kafila.multiformats.internal.key.KeyProtobuf;
import io.kafila.multiformats.internal.key.KeyScheme;
import io.kafila.multiformats.internal.key.Pkcs8;
import io.kafila.multiformats.internal.key.RsaScheme;
import io.kafila.multiformats.internal.key.SigningKey;
import java.security.MessageDigest;
import java.security.SecureRandom;

/**
 * The secret that makes a peer itself. Immutable; its text never shows the key.
 *
 * <p>Source: github.com/libp2p/specs, peer-ids.
 */
public final class PrivateKey {
    private final KeyType type;
    private final SigningKey key;
    private final PublicKey publicKey;

    private PrivateKey(KeyType type, SigningKey key) {
        this.type = type;
        this.key = key;
        this.publicKey = new PublicKey(type, key.verifyingKey());
    }

    /**
     * The key of this type in the form that its protobuf holds: for Ed25519 the seed followed by the public key, for
     * secp256k1 a number of 32 bytes, for ECDSA a DER ECPrivateKey (RFC 5915), for RSA a DER RSAPrivateKey (PKCS #1).
     *
     * @throws MultiformatException if {@code raw} is no such key
     */
    public static PrivateKey of(KeyType type, byte[] raw) {
        return new PrivateKey(type, KeyScheme.of(type).readPrivate(raw));
    }

    /** @throws MultiformatException if {@code protobuf} is no private key */
    public static PrivateKey decode(byte[] protobuf) {
        KeyProtobuf envelope = KeyProtobuf.decode(protobuf);
        return of(envelope.type(), envelope.data());
    }

    /**
     * The key in a DER PrivateKeyInfo (PKCS #8), as OpenSSL and others write it.
     *
     * @throws MultiformatException if {@code der} is no key of a known kind
     */
    public static PrivateKey ofPkcs8(byte[] der) {
        Pkcs8.Raw key = Pkcs8.decode(der);
        return of(key.type(), key.raw());
    }

    /** Makes a new key: RSA of 2048 bits, ECDSA on P-256. */
    public static PrivateKey generate(KeyType type, SecureRandom random) {
        return new PrivateKey(type, KeyScheme.of(type).generate(random));
    }

    /** Makes a new RSA key of 2048 to 8192 bits. */
    public static PrivateKey generateRsa(int bits, SecureRandom random) {
        return new PrivateKey(KeyType.RSA, new RsaScheme(bits).generate(random));
    }

    public KeyType type() {
        return type;
    }

    public PublicKey publicKey() {
        return publicKey;
    }

    public PeerId peerId() {
        return publicKey.peerId();
    }

    /** A copy of the key in the form that its protobuf holds; see {@link #of}. */
    public byte[] raw() {
        return key.raw();
    }

    /** The protobuf of type and key. */
    public byte[] protobuf() {
        return new KeyProtobuf(type, key.raw()).encode();
    }

    /** The key as a DER PrivateKeyInfo (PKCS #8), for OpenSSL and others. */
    public byte[] pkcs8() {
        return Pkcs8.encode(type, key.raw());
    }

    public byte[] sign(byte[] message) {
        return key.sign(message);
    }

    @Override
    public boolean equals(Object other) {
        return other == this
                || (other instanceof PrivateKey that && MessageDigest.isEqual(protobuf(), that.protobuf()));
    }

    @Override
    public int hashCode() {
        return publicKey.hashCode();
    }

    @Override
    public String toString() {
        return "private " + publicKey;
    }
}
