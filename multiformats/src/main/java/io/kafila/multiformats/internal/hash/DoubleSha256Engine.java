package io.kafila.multiformats.internal.hash;

import java.nio.ByteBuffer;

/** SHA-256 of the SHA-256, as Bitcoin names its blocks. */
public final class DoubleSha256Engine implements DigestEngine {
    private final JcaEngine sha256 = new JcaEngine("SHA-256");

    @Override
    public void update(byte[] bytes, int offset, int length) {
        sha256.update(bytes, offset, length);
    }

    @Override
    public void update(ByteBuffer bytes) {
        sha256.update(bytes);
    }

    @Override
    public byte[] digest(int length) {
        byte[] inner = sha256.digest(length);
        sha256.update(inner, 0, inner.length);
        return sha256.digest(length);
    }
}
