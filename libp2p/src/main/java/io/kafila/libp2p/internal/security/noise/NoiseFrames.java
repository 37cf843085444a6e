package io.kafila.libp2p.internal.security.noise;

import io.kafila.libp2p.internal.security.aead.AeadCipher;

/** The framing of libp2p/specs noise: two bytes of big endian length, then a Noise message. */
final class NoiseFrames {
    static final int LENGTH_BYTES = 2;
    static final int MAX_MESSAGE_BYTES = 65_535;
    static final int MAX_PLAINTEXT_BYTES = MAX_MESSAGE_BYTES - AeadCipher.TAG_BYTES;

    /** What a frame adds to its plaintext. */
    static final int OVERHEAD_BYTES = LENGTH_BYTES + AeadCipher.TAG_BYTES;

    static final byte[] NO_ASSOCIATED_DATA = {};

    private NoiseFrames() {}
}
