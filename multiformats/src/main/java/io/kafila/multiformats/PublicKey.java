package io.kafila.multiformats;

import io.kafila.multiformats.internal.key.KeyProtobuf;
import io.kafila.multiformats.internal.key.KeyScheme;
import io.kafila.multiformats.internal.key.VerifyingKey;
import java.util.Arrays;

/**
 * The key that others know a peer by. Immutable.
 *
 * <p>Source: github.com/libp2p/specs, peer-ids.
 */
public final class PublicKey {
    private final KeyType type;
    private final VerifyingKey key;
    private final byte[] protobuf;

    PublicKey(KeyType type, VerifyingKey key) {
        this.type = type;
        this.key = key;
        this.protobuf = new KeyProtobuf(type, key.raw()).encode();
    }

    /**
     * The key of this type in the form that its protobuf holds: 32 bytes for Ed25519, a point for secp256k1, a DER
     * SubjectPublicKeyInfo for RSA and ECDSA.
     *
     * @throws MultiformatException if {@code raw} is no such key
     */
    public static PublicKey of(KeyType type, byte[] raw) {
        return new PublicKey(type, KeyScheme.of(type).readPublic(raw));
    }

    /** @throws MultiformatException if {@code protobuf} is no public key */
    public static PublicKey decode(byte[] protobuf) {
        KeyProtobuf envelope = KeyProtobuf.decode(protobuf);
        return of(envelope.type(), envelope.data());
    }

    public KeyType type() {
        return type;
    }

    /** A copy of the key in the form that its protobuf holds; see {@link #of}. */
    public byte[] raw() {
        return key.raw();
    }

    /** The protobuf of type and key, in the one form that PeerIds are made from. */
    public byte[] protobuf() {
        return protobuf.clone();
    }

    /** The key as a DER SubjectPublicKeyInfo, for certificates and {@code java.security}. */
    public byte[] spki() {
        return key.spki();
    }

    /** Whether {@code signature} is one of this key for {@code message}; a malformed one is not. */
    public boolean verify(byte[] message, byte[] signature) {
        return key.verify(message, signature);
    }

    public PeerId peerId() {
        return PeerId.of(this);
    }

    @Override
    public boolean equals(Object other) {
        return other == this || (other instanceof PublicKey that && Arrays.equals(protobuf, that.protobuf));
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(protobuf);
    }

    @Override
    public String toString() {
        return type + " key of " + peerId();
    }
}
