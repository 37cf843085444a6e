package io.kafila.libp2p.internal.security.aead;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;

/**
 * Prints the speed of every suite in direct memory, on messages of the largest size and of smaller ones: the best of a few
 * rounds, in which the suites take turns. Run by hand.
 */
public final class AeadSpeed {
    private static final byte[] NO_DATA = {};
    private static final int[] LENGTHS = {AeadCipher.MAX_PLAINTEXT_BYTES, 16_384, 1000, 100};
    private static final int ROUNDS = 4;
    private static final long ROUND_NANOS = 250_000_000L;

    private AeadSpeed() {}

    public static void main(String[] arguments) throws AeadException {
        System.out.printf(Locale.ROOT, "java %s, direct memory%n", Runtime.version());
        List<AeadSuite> suites = AeadSuite.available();
        for (int length : LENGTHS) {
            List<Run> runs =
                    suites.stream().map(suite -> new Run(suite, length)).toList();
            for (int round = 0; round < ROUNDS; round++) {
                for (Run run : runs) {
                    run.round();
                }
            }
            runs.forEach(Run::print);
        }
    }

    /** One suite at one length. */
    private static final class Run {
        private final String name;
        private final AeadCipher sealer;
        private final AeadCipher opener;
        private final ByteBuffer plain;
        private final ByteBuffer sealed;
        private long nonce;
        private double bestSealNanos = Double.MAX_VALUE;
        private double bestOpenNanos = Double.MAX_VALUE;

        Run(AeadSuite suite, int length) {
            name = suite.name();
            sealer = suite.sealer(new byte[AeadCipher.KEY_BYTES]);
            opener = suite.opener(new byte[AeadCipher.KEY_BYTES]);
            plain = ByteBuffer.allocateDirect(length);
            sealed = ByteBuffer.allocateDirect(length + AeadCipher.TAG_BYTES);
        }

        void round() throws AeadException {
            long sealNanos = 0;
            long openNanos = 0;
            int messages = 0;
            while (sealNanos + openNanos < ROUND_NANOS) {
                long start = System.nanoTime();
                sealer.seal(nonce, NO_DATA, plain.clear(), sealed.clear());
                long middle = System.nanoTime();
                opener.open(nonce, NO_DATA, sealed.flip(), plain.clear());
                openNanos += System.nanoTime() - middle;
                sealNanos += middle - start;
                nonce++;
                messages++;
            }
            bestSealNanos = Math.min(bestSealNanos, (double) sealNanos / messages);
            bestOpenNanos = Math.min(bestOpenNanos, (double) openNanos / messages);
        }

        void print() {
            System.out.printf(
                    Locale.ROOT,
                    "%6d B  %-13s seal %7.2f us %6.0f MB/s, open %7.2f us %6.0f MB/s%n",
                    plain.capacity(),
                    name,
                    bestSealNanos / 1e3,
                    plain.capacity() * 1e3 / bestSealNanos,
                    bestOpenNanos / 1e3,
                    plain.capacity() * 1e3 / bestOpenNanos);
        }
    }
}
