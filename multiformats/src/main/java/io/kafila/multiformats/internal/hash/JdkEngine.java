package io.kafila.multiformats.internal.hash;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** An algorithm of the JDK, which takes direct buffers as they are. */
public final class JdkEngine implements DigestEngine {
    private final MessageDigest digest;

    public JdkEngine(String algorithm) {
        try {
            this.digest = MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("hash: no provider of " + algorithm, e);
        }
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
}
