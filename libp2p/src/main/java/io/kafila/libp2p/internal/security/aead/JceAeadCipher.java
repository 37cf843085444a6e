package io.kafila.libp2p.internal.security.aead;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Key;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** A cipher of a JCE provider, set up anew for each message; subclasses choose the memory it works on. */
abstract class JceAeadCipher implements AeadCipher {
    private static final int NONCE_BYTES = 12;

    private final Cipher cipher;
    private final int mode;
    private final Key key;
    private final byte[] nonceBytes = new byte[NONCE_BYTES];

    JceAeadCipher(Cipher cipher, int mode, byte[] key) {
        this.cipher = cipher;
        this.mode = mode;
        this.key = new SecretKeySpec(key, "ChaCha20");
    }

    /** Runs the set-up cipher over all of {@code in}. */
    abstract void run(Cipher cipher, ByteBuffer in, ByteBuffer out) throws GeneralSecurityException;

    @Override
    public final void seal(long nonce, byte[] associatedData, ByteBuffer in, ByteBuffer out) {
        require(Cipher.ENCRYPT_MODE);
        try {
            init(nonce, associatedData);
            run(cipher, in, out);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("chacha20-poly1305: sealing message " + nonce + " failed", e);
        }
    }

    @Override
    public final void open(long nonce, byte[] associatedData, ByteBuffer in, ByteBuffer out) throws AeadException {
        require(Cipher.DECRYPT_MODE);
        if (in.remaining() < TAG_BYTES) {
            throw new AeadException(
                    "message " + nonce + " of " + in.remaining() + " bytes, want at least " + TAG_BYTES, null);
        }
        try {
            init(nonce, associatedData);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("chacha20-poly1305: set-up for message " + nonce + " failed", e);
        }
        try {
            run(cipher, in, out);
        } catch (GeneralSecurityException e) {
            throw new AeadException("message " + nonce + " fails authentication", e);
        }
    }

    private void init(long nonce, byte[] associatedData) throws GeneralSecurityException {
        for (int i = 0; i < Long.BYTES; i++) {
            nonceBytes[4 + i] = (byte) (nonce >>> (8 * i));
        }
        cipher.init(mode, key, new IvParameterSpec(nonceBytes));
        if (associatedData.length > 0) {
            cipher.updateAAD(associatedData);
        }
    }

    private void require(int wanted) {
        if (mode != wanted) {
            throw new IllegalStateException("chacha20-poly1305: cipher made for the other direction");
        }
    }
}
