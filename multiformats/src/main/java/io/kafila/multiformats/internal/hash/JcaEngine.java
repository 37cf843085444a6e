package io.kafila.multiformats.internal.hash;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** An algorithm of the native library where that has it, else of the JDK. Both take direct buffers as they are. */
public final class JcaEngine implements DigestEngine {
    private final MessageDigest digest;

    public JcaEngine(String algorithm) {
        this.digest = NativeDigests.find(algorithm).orElseGet(() -> ofJdk(algorithm));
    }

    @Override
    public void update(byte[] bytes, int offset, int length) {
        digest.update(bytes, offset, length);
    }

    @Override
    public void update(ByteBuffer bytes) {
        digest.update(bytes);
    }

    @Override
    public byte[] digest(int length) {
        return digest.digest();
    }

    private static MessageDigest ofJdk(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("hash: no provider of " + algorithm, e);
        }
    }
}
