package io.kafila.libp2p.internal.security.aead;

import io.netty.util.concurrent.FastThreadLocal;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import java.util.Optional;
import javax.crypto.Cipher;

/**
 * The JDK's ChaCha20-Poly1305. It is fastest from array to array, so bytes of direct buffers pass through two arrays that
 * all ciphers of a thread share.
 */
final class JdkAeadSuite implements AeadSuite {
    private static final String TRANSFORMATION = "ChaCha20-Poly1305";

    private static final class Scratch {
        private final byte[] in = new byte[AeadCipher.MAX_PLAINTEXT_BYTES + AeadCipher.TAG_BYTES];
        private final byte[] out = new byte[AeadCipher.MAX_PLAINTEXT_BYTES + AeadCipher.TAG_BYTES];
    }

    private final Provider provider;
    private final FastThreadLocal<Scratch> scratch = new FastThreadLocal<>() {
        @Override
        protected Scratch initialValue() {
            return new Scratch();
        }
    };

    private JdkAeadSuite(Provider provider) {
        this.provider = provider;
    }

    /** The suite, unless this JDK has no such cipher. */
    static Optional<AeadSuite> load() {
        Provider provider = Security.getProvider("SunJCE");
        if (provider == null) {
            return Optional.empty();
        }
        try {
            Cipher.getInstance(TRANSFORMATION, provider);
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
        AeadSuite suite = new JdkAeadSuite(provider);
        return AeadSelfTest.passes(suite) ? Optional.of(suite) : Optional.empty();
    }

    @Override
    public String name() {
        return "jdk";
    }

    @Override
    public AeadCipher sealer(byte[] key) {
        return new ArrayCipher(cipher(), true, key);
    }

    @Override
    public AeadCipher opener(byte[] key) {
        return new ArrayCipher(cipher(), false, key);
    }

    private Cipher cipher() {
        try {
            return Cipher.getInstance(TRANSFORMATION, provider);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("chacha20-poly1305: the JDK's cipher is gone", e);
        }
    }

    private final class ArrayCipher extends JceAeadCipher {
        ArrayCipher(Cipher cipher, boolean sealing, byte[] key) {
            super(cipher, sealing, key);
        }

        @Override
        void run(Cipher cipher, ByteBuffer in, ByteBuffer out) throws GeneralSecurityException {
            Scratch arrays = scratch.get();
            int length = in.remaining();
            in.get(arrays.in, 0, length);
            int written = cipher.doFinal(arrays.in, 0, length, arrays.out, 0);
            out.put(arrays.out, 0, written);
        }
    }
}
