package io.kafila.libp2p.internal.security.aead;

import java.nio.ByteBuffer;
import java.util.Locale;

/** Prints the speed of every suite on messages of the largest size in direct memory. Run by hand. */
public final class AeadSpeed {
    private static final byte[] NO_DATA = {};
    private static final long RUN_NANOS = 1_500_000_000L;

    private AeadSpeed() {}

    public static void main(String[] arguments) throws AeadException {
        System.out.printf(
                Locale.ROOT,
                "java %s, %d B messages, direct memory%n",
                Runtime.version(),
                AeadCipher.MAX_PLAINTEXT_BYTES);
        for (AeadSuite suite : AeadSuite.available()) {
            AeadCipher sealer = suite.sealer(new byte[AeadCipher.KEY_BYTES]);
            AeadCipher opener = suite.opener(new byte[AeadCipher.KEY_BYTES]);
            ByteBuffer plain = ByteBuffer.allocateDirect(AeadCipher.MAX_PLAINTEXT_BYTES);
            ByteBuffer sealed = ByteBuffer.allocateDirect(plain.capacity() + AeadCipher.TAG_BYTES);
            long nonce = 0;
            for (int round = 0; round < 3; round++) {
                long sealNanos = 0;
                long openNanos = 0;
                long messages = 0;
                while (sealNanos + openNanos < RUN_NANOS) {
                    long start = System.nanoTime();
                    sealer.seal(nonce, NO_DATA, plain.clear(), sealed.clear());
                    long middle = System.nanoTime();
                    opener.open(nonce, NO_DATA, sealed.flip(), plain.clear());
                    openNanos += System.nanoTime() - middle;
                    sealNanos += middle - start;
                    nonce++;
                    messages++;
                }
                double bytes = (double) messages * plain.capacity();
                System.out.printf(
                        Locale.ROOT,
                        "%-13s seal %6.0f MB/s, open %6.0f MB/s%n",
                        suite.name(),
                        bytes * 1e3 / sealNanos,
                        bytes * 1e3 / openNanos);
            }
        }
    }
}
