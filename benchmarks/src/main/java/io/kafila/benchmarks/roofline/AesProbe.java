package io.kafila.benchmarks.roofline;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.conscrypt.Conscrypt;

/**
 * AES-128-GCM, the cipher that TLS 1.3 agrees on. Netty's engine gives whole records only, so the cipher is taken from the
 * other library that carries BoringSSL, Conscrypt; where that is absent, from the JDK, whose engine is used then.
 *
 * <p>Messages are longer than TLS's records, because a cipher of the JCE expands its key for each message and TLS does so
 * once for a connection; with records of 16 KiB that would be more than the cipher itself.
 */
final class AesProbe implements Probe {
    private static final int MESSAGE_BYTES = 256 * 1024;
    private static final int TAG_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final SecretKeySpec KEY = new SecretKeySpec(new byte[16], "AES");

    private final Pieces plain = Pieces.of(MESSAGE_BYTES);
    private final ByteBuffer sealed = Pieces.aligned(plain.buffers().size() * (MESSAGE_BYTES + TAG_BYTES));
    private final ByteBuffer opened = Pieces.aligned(MESSAGE_BYTES);
    private final Cipher sealer;
    private final Cipher opener;
    private long nonce;

    AesProbe() throws GeneralSecurityException {
        Provider provider = Conscrypt.isAvailable() ? Conscrypt.newProvider() : Security.getProvider("SunJCE");
        this.sealer = Cipher.getInstance("AES/GCM/NoPadding", provider);
        this.opener = Cipher.getInstance("AES/GCM/NoPadding", provider);
    }

    @Override
    public String provider() {
        return sealer.getProvider().getName();
    }

    @Override
    public Map<Stage, Sample> round(long bytes) {
        int messages = plain.buffers().size();
        long passes = Math.max(1, bytes / ((long) messages * MESSAGE_BYTES));
        Timer sealing = new Timer();
        Timer opening = new Timer();
        try {
            for (long pass = 0; pass < passes; pass++) {
                long first = nonce;
                sealing.start();
                seal(messages);
                sealing.stop();
                opening.start();
                open(messages, first);
                opening.stop();
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("aes-128-gcm: " + provider() + " failed", e);
        }
        long total = passes * messages * MESSAGE_BYTES;
        return Map.of(Stage.AES_SEAL, sealing.sample(total), Stage.AES_OPEN, opening.sample(total));
    }

    private void seal(int messages) throws GeneralSecurityException {
        sealed.rewind();
        for (int i = 0; i < messages; i++) {
            sealer.init(Cipher.ENCRYPT_MODE, KEY, parameters(nonce++));
            sealer.doFinal(plain.piece(i), sealed);
        }
    }

    private void open(int messages, long first) throws GeneralSecurityException {
        for (int i = 0; i < messages; i++) {
            opener.init(Cipher.DECRYPT_MODE, KEY, parameters(first + i));
            opened.rewind();
            int at = i * (MESSAGE_BYTES + TAG_BYTES);
            opener.doFinal(
                    sealed.duplicate().limit(at + MESSAGE_BYTES + TAG_BYTES).position(at), opened);
        }
    }

    private static GCMParameterSpec parameters(long nonce) {
        byte[] bytes = ByteBuffer.allocate(NONCE_BYTES).putLong(4, nonce).array();
        return new GCMParameterSpec(8 * TAG_BYTES, bytes);
    }
}
