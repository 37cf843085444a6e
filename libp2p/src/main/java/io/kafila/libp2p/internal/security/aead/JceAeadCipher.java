package io.kafila.libp2p.internal.security.aead;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Key;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** A cipher of a JCE provider, set up anew for each message; subclasses choose the memory it works on. */
abstract class JceAeadCipher extends OneWayCipher {
    private final Cipher cipher;
    private final Key key;

    JceAeadCipher(Cipher cipher, boolean sealing, byte[] key) {
        super(sealing);
        this.cipher = cipher;
        this.key = new SecretKeySpec(key, "ChaCha20");
    }

    /** Runs the set-up cipher over all of {@code in}. */
    abstract void run(Cipher cipher, ByteBuffer in, ByteBuffer out) throws GeneralSecurityException;

    @Override
    final void sealMessage(long nonce, byte[] associatedData, ByteBuffer in, ByteBuffer out) {
        try {
            init(nonce, associatedData);
            run(cipher, in, out);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("chacha20-poly1305: sealing message " + nonce + " failed", e);
        }
    }

    @Override
    final void openMessage(long nonce, byte[] associatedData, ByteBuffer in, ByteBuffer out) throws AeadException {
        try {
            init(nonce, associatedData);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("chacha20-poly1305: set-up for message " + nonce + " failed", e);
        }
        try {
            run(cipher, in, out);
        } catch (GeneralSecurityException e) {
            throw AeadException.forged(nonce, e);
        }
    }

    private void init(long nonce, byte[] associatedData) throws GeneralSecurityException {
        cipher.init(
                isSealing() ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE, key, new IvParameterSpec(nonceBytes(nonce)));
        if (associatedData.length > 0) {
            cipher.updateAAD(associatedData);
        }
    }
}
