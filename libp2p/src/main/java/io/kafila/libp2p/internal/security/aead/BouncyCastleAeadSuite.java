package io.kafila.libp2p.internal.security.aead;

import java.nio.ByteBuffer;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/** Bouncy Castle's ChaCha20-Poly1305 in pure Java: works everywhere, about a tenth as fast as native code. */
final class BouncyCastleAeadSuite implements AeadSuite {

    @Override
    public String name() {
        return "bouncycastle";
    }

    @Override
    public AeadCipher sealer(byte[] key) {
        return new LightweightCipher(true, key);
    }

    @Override
    public AeadCipher opener(byte[] key) {
        return new LightweightCipher(false, key);
    }

    private static final class LightweightCipher extends OneWayCipher {
        private final ChaCha20Poly1305 cipher = new ChaCha20Poly1305();
        private final KeyParameter key;

        LightweightCipher(boolean sealing, byte[] key) {
            super(sealing);
            this.key = new KeyParameter(key);
        }

        @Override
        void sealMessage(long nonce, byte[] associatedData, ByteBuffer in, ByteBuffer out) {
            try {
                run(nonce, associatedData, in, out);
            } catch (InvalidCipherTextException e) {
                throw new IllegalStateException("chacha20-poly1305: sealing message " + nonce + " failed", e);
            }
        }

        @Override
        void openMessage(long nonce, byte[] associatedData, ByteBuffer in, ByteBuffer out) throws AeadException {
            try {
                run(nonce, associatedData, in, out);
            } catch (InvalidCipherTextException e) {
                throw AeadException.forged(nonce, e);
            }
        }

        private void run(long nonce, byte[] associatedData, ByteBuffer in, ByteBuffer out)
                throws InvalidCipherTextException {
            cipher.init(isSealing(), new AEADParameters(key, TAG_BYTES * 8, nonceBytes(nonce), associatedData));
            byte[] source = new byte[in.remaining()];
            in.get(source);
            byte[] result = new byte[cipher.getOutputSize(source.length)];
            int length = cipher.processBytes(source, 0, source.length, result, 0);
            length += cipher.doFinal(result, length);
            out.put(result, 0, length);
        }
    }
}
