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

    private static final class LightweightCipher implements AeadCipher {
        private static final int NONCE_BYTES = 12;

        private final ChaCha20Poly1305 cipher = new ChaCha20Poly1305();
        private final boolean sealing;
        private final KeyParameter key;

        LightweightCipher(boolean sealing, byte[] key) {
            this.sealing = sealing;
            this.key = new KeyParameter(key);
        }

        @Override
        public void seal(long nonce, byte[] associatedData, ByteBuffer in, ByteBuffer out) {
            require(true);
            try {
                run(nonce, associatedData, in, out);
            } catch (InvalidCipherTextException e) {
                throw new IllegalStateException("chacha20-poly1305: sealing message " + nonce + " failed", e);
            }
        }

        @Override
        public void open(long nonce, byte[] associatedData, ByteBuffer in, ByteBuffer out) throws AeadException {
            require(false);
            if (in.remaining() < TAG_BYTES) {
                throw new AeadException(
                        "message " + nonce + " of " + in.remaining() + " bytes, want at least " + TAG_BYTES, null);
            }
            try {
                run(nonce, associatedData, in, out);
            } catch (InvalidCipherTextException e) {
                throw new AeadException("message " + nonce + " fails authentication", e);
            }
        }

        private void run(long nonce, byte[] associatedData, ByteBuffer in, ByteBuffer out)
                throws InvalidCipherTextException {
            byte[] nonceBytes = new byte[NONCE_BYTES];
            for (int i = 0; i < Long.BYTES; i++) {
                nonceBytes[4 + i] = (byte) (nonce >>> (8 * i));
            }
            cipher.init(sealing, new AEADParameters(key, TAG_BYTES * 8, nonceBytes, associatedData));
            byte[] source = new byte[in.remaining()];
            in.get(source);
            byte[] result = new byte[cipher.getOutputSize(source.length)];
            int length = cipher.processBytes(source, 0, source.length, result, 0);
            length += cipher.doFinal(result, length);
            out.put(result, 0, length);
        }

        private void require(boolean wanted) {
            if (sealing != wanted) {
                throw new IllegalStateException("chacha20-poly1305: cipher made for the other direction");
            }
        }
    }
}
