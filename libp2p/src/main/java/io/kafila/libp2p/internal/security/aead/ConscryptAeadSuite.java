package io.kafila.libp2p.internal.security.aead;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Optional;
import javax.crypto.Cipher;
import org.conscrypt.Conscrypt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** BoringSSL's ChaCha20-Poly1305 by way of Conscrypt; from direct buffer to direct buffer without a copy. */
final class ConscryptAeadSuite implements AeadSuite {
    private static final Logger LOG = LoggerFactory.getLogger(ConscryptAeadSuite.class);
    private static final String TRANSFORMATION = "ChaCha20/Poly1305/NoPadding";

    private final Provider provider;

    private ConscryptAeadSuite(Provider provider) {
        this.provider = provider;
    }

    /** The suite, unless its native library does not load on this platform. */
    static Optional<AeadSuite> load() {
        try {
            AeadSuite suite = new ConscryptAeadSuite(Conscrypt.newProvider());
            return AeadSelfTest.passes(suite) ? Optional.of(suite) : Optional.empty();
        } catch (LinkageError | RuntimeException e) {
            LOG.debug("Conscrypt does not load", e);
            return Optional.empty();
        }
    }

    @Override
    public String name() {
        return "conscrypt";
    }

    @Override
    public AeadCipher sealer(byte[] key) {
        return new BufferCipher(cipher(), true, key);
    }

    @Override
    public AeadCipher opener(byte[] key) {
        return new BufferCipher(cipher(), false, key);
    }

    private Cipher cipher() {
        try {
            return Cipher.getInstance(TRANSFORMATION, provider);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("chacha20-poly1305: Conscrypt has no such cipher", e);
        }
    }

    private static final class BufferCipher extends JceAeadCipher {
        BufferCipher(Cipher cipher, boolean sealing, byte[] key) {
            super(cipher, sealing, key);
        }

        @Override
        void run(Cipher cipher, ByteBuffer in, ByteBuffer out) throws GeneralSecurityException {
            cipher.doFinal(in, out);
        }
    }
}
