package io.kafila.libp2p.internal.security.noise;

import io.kafila.libp2p.internal.security.HandshakeException;
import io.kafila.libp2p.internal.security.HandshakeException.Kind;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.PrivateKey;
import io.kafila.multiformats.PublicKey;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;

/** A host's Noise static key with the signature that ties it to the host's identity. Immutable, made once for a host. */
final class NoiseIdentity {
    private static final byte[] SIGNATURE_PREFIX = "noise-libp2p-static-key:".getBytes(StandardCharsets.US_ASCII);

    private final X25519KeyPair staticKeys;
    private final byte[] identityKey;
    private final byte[] identitySignature;

    NoiseIdentity(PrivateKey identity, X25519KeyPair staticKeys) {
        this.staticKeys = staticKeys;
        this.identityKey = identity.publicKey().protobuf();
        this.identitySignature = identity.sign(signed(staticKeys.publicKey()));
    }

    static NoiseIdentity create(PrivateKey identity, SecureRandom random) {
        return new NoiseIdentity(identity, X25519KeyPair.generate(random));
    }

    X25519KeyPair staticKeys() {
        return staticKeys;
    }

    NoisePayload payload(List<String> muxers) {
        return new NoisePayload(identityKey, identitySignature, muxers);
    }

    /**
     * The key of the peer that sent {@code payload} and holds {@code remoteStatic}.
     *
     * @throws HandshakeException if the payload proves no identity
     */
    static PublicKey verify(NoisePayload payload, byte[] remoteStatic) {
        PublicKey key;
        try {
            key = PublicKey.decode(payload.identityKey());
        } catch (MultiformatException e) {
            throw new HandshakeException(Kind.BAD_IDENTITY, "noise: identity key: " + e.getMessage(), e);
        }
        if (!key.verify(signed(remoteStatic), payload.identitySignature())) {
            throw new HandshakeException(
                    Kind.BAD_IDENTITY, "noise: signature of " + key.peerId() + " over its static key is wrong");
        }
        return key;
    }

    private static byte[] signed(byte[] staticKey) {
        byte[] message = Arrays.copyOf(SIGNATURE_PREFIX, SIGNATURE_PREFIX.length + staticKey.length);
        System.arraycopy(staticKey, 0, message, SIGNATURE_PREFIX.length, staticKey.length);
        return message;
    }
}
