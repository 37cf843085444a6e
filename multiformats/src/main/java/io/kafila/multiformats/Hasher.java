package io.kafila.multiformats;

import java.nio.ByteBuffer;

/** A running computation of one hash. Confined to one thread; ready for the next message after {@link #digest}. */
public interface Hasher {
    HashFunction function();

    Hasher update(byte[] bytes, int offset, int length);

    /** Takes what remains in {@code bytes}, direct or not, and moves its position to its limit. */
    Hasher update(ByteBuffer bytes);

    default Hasher update(byte[] bytes) {
        return update(bytes, 0, bytes.length);
    }

    /**
     * The first {@code length} bytes of the digest.
     *
     * @throws IllegalArgumentException if the function has no digest of this length
     */
    byte[] digest(int length);

    /** The digest as a multihash of the function's default length. */
    Multihash multihash();

    /** The digest, cut to {@code length} bytes, as a multihash. */
    default Multihash multihash(int length) {
        return Multihash.of(function().code(), digest(length));
    }
}
