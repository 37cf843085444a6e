package io.kafila.multiformats.internal.hash;

import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.Xof;

/** An algorithm of Bouncy Castle, of fixed or of free length. */
public final class BouncyEngine extends BufferedEngine {
    private final Digest digest;

    public BouncyEngine(Digest digest) {
        this.digest = digest;
    }

    @Override
    public void update(byte[] bytes, int offset, int length) {
        digest.update(bytes, offset, length);
    }

    @Override
    public byte[] digest(int length) {
        if (digest instanceof Xof xof) {
            byte[] result = new byte[length];
            xof.doFinal(result, 0, length);
            return result;
        }
        byte[] result = new byte[digest.getDigestSize()];
        digest.doFinal(result, 0);
        return result;
    }
}
