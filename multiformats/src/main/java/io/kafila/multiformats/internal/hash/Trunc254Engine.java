package io.kafila.multiformats.internal.hash;

import java.nio.ByteBuffer;

/** SHA-256 with the two highest bits of the last byte cleared, as Filecoin names its pieces. */
public final class Trunc254Engine implements DigestEngine {
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
        byte[] digest = sha256.digest(length);
        digest[digest.length - 1] &= 0x3F;
        return digest;
    }
}
