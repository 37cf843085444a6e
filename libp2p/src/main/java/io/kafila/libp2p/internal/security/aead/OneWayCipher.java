package io.kafila.libp2p.internal.security.aead;

import java.nio.ByteBuffer;

/**
 * What the ciphers of all suites have in common: each works in the direction it was made for and no other, and a message to
 * open has a tag. Subclasses do the work.
 */
abstract class OneWayCipher implements AeadCipher {
    private static final int NONCE_BYTES = 12;

    private final boolean sealing;
    private final byte[] nonceBytes = new byte[NONCE_BYTES];

    /** @param sealing whether it seals, else it opens */
    OneWayCipher(boolean sealing) {
        this.sealing = sealing;
    }

    abstract void sealMessage(long nonce, byte[] associatedData, ByteBuffer in, ByteBuffer out);

    /** @param in at least a tag */
    abstract void openMessage(long nonce, byte[] associatedData, ByteBuffer in, ByteBuffer out) throws AeadException;

    @Override
    public final void seal(long nonce, byte[] associatedData, ByteBuffer in, ByteBuffer out) {
        require(true);
        sealMessage(nonce, associatedData, in, out);
    }

    @Override
    public final void open(long nonce, byte[] associatedData, ByteBuffer in, ByteBuffer out) throws AeadException {
        require(false);
        if (in.remaining() < TAG_BYTES) {
            throw new AeadException(
                    "message " + nonce + " of " + in.remaining() + " bytes, want at least " + TAG_BYTES, null);
        }
        openMessage(nonce, associatedData, in, out);
    }

    final boolean isSealing() {
        return sealing;
    }

    /** The nonce of a message as it is used, in an array that the next call overwrites. */
    final byte[] nonceBytes(long nonce) {
        for (int i = 0; i < Long.BYTES; i++) {
            nonceBytes[NONCE_BYTES - Long.BYTES + i] = (byte) (nonce >>> (8 * i));
        }
        return nonceBytes;
    }

    private void require(boolean wanted) {
        if (sealing != wanted) {
            throw new IllegalStateException("chacha20-poly1305: cipher made for the other direction");
        }
    }
}
