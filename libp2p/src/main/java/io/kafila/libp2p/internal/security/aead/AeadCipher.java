package io.kafila.libp2p.internal.security.aead;

import java.nio.ByteBuffer;

/**
 * ChaCha20-Poly1305 under one key in one direction: either it seals or it opens. Confined to one thread.
 *
 * <p>The nonce of a message is four zero bytes and a 64-bit little-endian counter (Noise specification, section 12).
 * A counter is used once, in rising order, by whoever owns the cipher; a provider may refuse a repeated one.
 *
 * <p>{@code in} and {@code out} are disjoint or begin at the same byte of the same memory. On return {@code in} has no
 * bytes remaining and {@code out} has moved behind the result. On failure their positions and the bytes of {@code out}
 * are undefined.
 */
public interface AeadCipher {
    /** What sealing adds to a message. */
    int TAG_BYTES = 16;

    int KEY_BYTES = 32;

    /** The longest plaintext of one call: what a Noise message holds. */
    int MAX_PLAINTEXT_BYTES = 65_519;

    /** Writes the ciphertext and tag of {@code in}, {@link #TAG_BYTES} more than it, to {@code out}. */
    void seal(long nonce, byte[] associatedData, ByteBuffer in, ByteBuffer out);

    /**
     * Writes the plaintext of {@code in}, {@link #TAG_BYTES} less than it, to {@code out}.
     *
     * @throws AeadException if {@code in} is not what the other side sealed under this key, nonce and associated data
     */
    void open(long nonce, byte[] associatedData, ByteBuffer in, ByteBuffer out) throws AeadException;
}
