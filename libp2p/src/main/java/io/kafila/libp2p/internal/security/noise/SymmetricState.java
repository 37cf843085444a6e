package io.kafila.libp2p.internal.security.noise;

import io.kafila.libp2p.internal.security.HandshakeException;
import io.kafila.libp2p.internal.security.HandshakeException.Kind;
import io.kafila.libp2p.internal.security.aead.AeadCipher;
import io.kafila.libp2p.internal.security.aead.AeadException;
import io.kafila.libp2p.internal.security.aead.AeadSuite;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** The SymmetricState object of the Noise specification, section 5.2, with SHA-256. Confined to one thread. */
final class SymmetricState {
    private static final int HASH_BYTES = 32;

    private final AeadSuite suite;
    private byte[] chainingKey;
    private byte[] hash;
    private byte @Nullable [] key;
    private long nonce;

    SymmetricState(AeadSuite suite, String protocolName) {
        this.suite = suite;
        byte[] name = protocolName.getBytes(StandardCharsets.US_ASCII);
        this.hash = name.length <= HASH_BYTES ? Arrays.copyOf(name, HASH_BYTES) : sha256(name);
        this.chainingKey = hash.clone();
    }

    void mixKey(byte[] material) {
        byte[][] outputs = hkdf(material);
        chainingKey = outputs[0];
        key = outputs[1];
        nonce = 0;
    }

    void mixHash(byte[] data) {
        hash = sha256(hash, data);
    }

    byte[] hash() {
        return hash.clone();
    }

    /** What encryption adds to a message now: nothing before the first key, a tag after. */
    int overheadBytes() {
        return key == null ? 0 : AeadCipher.TAG_BYTES;
    }

    byte[] encryptAndHash(byte[] plain) {
        byte[] current = key;
        byte[] result = plain;
        if (current != null) {
            result = new byte[plain.length + AeadCipher.TAG_BYTES];
            suite.sealer(current).seal(nonce++, hash, ByteBuffer.wrap(plain), ByteBuffer.wrap(result));
        }
        mixHash(result);
        return result;
    }

    byte[] decryptAndHash(byte[] sealed) {
        byte[] current = key;
        byte[] result = sealed;
        if (current != null) {
            if (sealed.length < AeadCipher.TAG_BYTES) {
                throw new HandshakeException(
                        Kind.MALFORMED, "noise: " + sealed.length + " encrypted bytes, want at least a tag");
            }
            result = new byte[sealed.length - AeadCipher.TAG_BYTES];
            try {
                suite.opener(current).open(nonce++, hash, ByteBuffer.wrap(sealed), ByteBuffer.wrap(result));
            } catch (AeadException e) {
                throw new HandshakeException(Kind.MALFORMED, "noise: handshake message does not decrypt", e);
            }
        }
        mixHash(sealed);
        return result;
    }

    /** The keys of the two directions: the initiator's first. */
    byte[][] split() {
        return hkdf(new byte[0]);
    }

    private byte[][] hkdf(byte[] material) {
        byte[] temporary = hmac(chainingKey, material);
        byte[] first = hmac(temporary, new byte[] {1});
        byte[] second = Arrays.copyOf(first, HASH_BYTES + 1);
        second[HASH_BYTES] = 2;
        return new byte[][] {first, hmac(temporary, second)};
    }

    private static byte[] hmac(byte[] key, byte[] data) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("noise: this JVM has no HmacSHA256", e);
        }
    }

    private static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("noise: this JVM has no SHA-256", e);
        }
    }
}
