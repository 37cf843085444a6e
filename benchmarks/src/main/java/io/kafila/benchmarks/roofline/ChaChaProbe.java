package io.kafila.benchmarks.roofline;

import io.kafila.libp2p.internal.security.aead.AeadCipher;
import io.kafila.libp2p.internal.security.aead.AeadException;
import io.kafila.libp2p.internal.security.aead.AeadSuite;
import java.nio.ByteBuffer;
import java.util.Map;

/** ChaCha20-Poly1305 over the longest messages of Noise, by the suite that a host takes on this JVM. */
final class ChaChaProbe implements Probe {
    private static final int PLAIN_BYTES = AeadCipher.MAX_PLAINTEXT_BYTES;
    private static final int SEALED_BYTES = PLAIN_BYTES + AeadCipher.TAG_BYTES;
    private static final byte[] NO_DATA = {};

    private final AeadSuite suite = AeadSuite.fastest();
    private final AeadCipher sealer = suite.sealer(new byte[AeadCipher.KEY_BYTES]);
    private final AeadCipher opener = suite.opener(new byte[AeadCipher.KEY_BYTES]);
    private final Pieces plain = Pieces.of(PLAIN_BYTES);
    private final ByteBuffer sealed = Pieces.aligned(plain.buffers().size() * SEALED_BYTES);
    private final ByteBuffer opened = Pieces.aligned(PLAIN_BYTES);
    private long nonce;

    @Override
    public String provider() {
        return suite.name();
    }

    @Override
    public Map<Stage, Sample> round(long bytes) {
        int messages = plain.buffers().size();
        long passes = Math.max(1, bytes / ((long) messages * PLAIN_BYTES));
        Timer sealing = new Timer();
        Timer opening = new Timer();
        for (long pass = 0; pass < passes; pass++) {
            long first = nonce;
            sealing.start();
            sealed.rewind();
            for (int i = 0; i < messages; i++) {
                sealer.seal(nonce++, NO_DATA, plain.piece(i), sealed);
            }
            sealing.stop();
            opening.start();
            open(messages, first);
            opening.stop();
        }
        long total = passes * messages * PLAIN_BYTES;
        return Map.of(Stage.CHACHA_SEAL, sealing.sample(total), Stage.CHACHA_OPEN, opening.sample(total));
    }

    private void open(int messages, long first) {
        try {
            for (int i = 0; i < messages; i++) {
                opened.rewind();
                int at = i * SEALED_BYTES;
                opener.open(
                        first + i,
                        NO_DATA,
                        sealed.duplicate().limit(at + SEALED_BYTES).position(at),
                        opened);
            }
        } catch (AeadException e) {
            throw new IllegalStateException("chacha20-poly1305: " + suite.name() + " does not open what it sealed", e);
        }
    }
}
