package io.kafila.multiformats.internal.hash;

import java.io.ByteArrayOutputStream;

/**
 * The message itself as its digest; it keeps one byte more than the longest digest, so that a longer message is noticed
 * without being held.
 */
public final class IdentityEngine extends BufferedEngine {
    private final int maxBytes;
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();

    public IdentityEngine(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public void update(byte[] bytes, int offset, int length) {
        message.write(bytes, offset, Math.min(length, maxBytes + 1 - message.size()));
    }

    @Override
    public byte[] digest(int length) {
        byte[] result = message.toByteArray();
        message.reset();
        return result;
    }
}
