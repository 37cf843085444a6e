package io.kafila.multiformats.internal.hash;

import java.nio.ByteBuffer;

/** A hash algorithm at work. Confined to one thread. */
public interface DigestEngine {
    void update(byte[] bytes, int offset, int length);

    /** Takes what remains in {@code bytes} and moves its position to its limit. */
    void update(ByteBuffer bytes);

    /**
     * The digest; the engine is then ready for the next message.
     *
     * @param length how many bytes an algorithm of free length shall give; others give their own length
     */
    byte[] digest(int length);
}
