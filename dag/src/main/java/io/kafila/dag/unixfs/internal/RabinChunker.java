package io.kafila.dag.unixfs.internal;

import java.util.Arrays;

/**
 * Chunks that end where the low bits of a Rabin fingerprint of the last {@value #WINDOW_BYTES} bytes are zero. The cut
 * points are those of boxo's chunker/rabin.go (polynomial 0x3DF305DFB2A805, window 16).
 */
public final class RabinChunker extends ScanningChunker {
    /** The length of the window, and the least minimum. */
    public static final int WINDOW_BYTES = 16;

    private static final long POLYNOMIAL = 17437180132763653L;
    private static final int DEGREE = 63 - Long.numberOfLeadingZeros(POLYNOMIAL);
    private static final int TOP_SHIFT = DEGREE - 8;
    private static final long[] OUT = outTable();
    private static final long[] MOD = modTable();

    private final int minBytes;
    private final int maxBytes;
    private final long mask;
    private final byte[] window = new byte[WINDOW_BYTES];
    private int windowAt;
    private long digest;

    public RabinChunker(int minBytes, int avgBytes, int maxBytes) {
        this.minBytes = minBytes;
        this.maxBytes = maxBytes;
        this.mask = Long.highestOneBit(avgBytes) - 1;
        reset();
    }

    private void reset() {
        Arrays.fill(window, (byte) 0);
        windowAt = 0;
        digest = 0;
        // A leading one, so that zeros at the beginning count.
        slide((byte) 1);
    }

    private void slide(byte in) {
        int out = window[windowAt] & 0xff;
        window[windowAt] = in;
        windowAt = (windowAt + 1) & (WINDOW_BYTES - 1);
        digest = append(digest ^ OUT[out], in);
    }

    private static long append(long digest, byte in) {
        int top = (int) (digest >>> TOP_SHIFT);
        return ((digest << 8) | (in & 0xff)) ^ MOD[top];
    }

    @Override
    int skippedBytes() {
        return minBytes - WINDOW_BYTES;
    }

    @Override
    int scan(byte[] bytes, int length, int before) {
        long rolling = digest;
        int at = windowAt;
        for (int i = 0; i < length; i++) {
            byte in = bytes[i];
            int out = window[at] & 0xff;
            window[at] = in;
            at = (at + 1) & (WINDOW_BYTES - 1);
            rolling = append(rolling ^ OUT[out], in);
            int chunk = before + i + 1;
            if (chunk >= minBytes && ((rolling & mask) == 0 || chunk >= maxBytes)) {
                reset();
                return i + 1;
            }
        }
        digest = rolling;
        windowAt = at;
        return -1;
    }

    /** What a byte weighs once it has been shifted through the whole window. */
    private static long[] outTable() {
        long[] table = new long[256];
        for (int b = 0; b < table.length; b++) {
            long hash = mod(b);
            for (int i = 1; i < WINDOW_BYTES; i++) {
                hash = mod(hash << 8);
            }
            table[b] = hash;
        }
        return table;
    }

    /** What brings a value whose top byte is {@code b} back below the degree: the remainder, and the top byte itself. */
    private static long[] modTable() {
        long[] table = new long[256];
        for (int b = 0; b < table.length; b++) {
            long shifted = (long) b << DEGREE;
            table[b] = mod(shifted) | shifted;
        }
        return table;
    }

    private static long mod(long value) {
        long rest = value;
        while (rest != 0 && 63 - Long.numberOfLeadingZeros(rest) >= DEGREE) {
            rest ^= POLYNOMIAL << (63 - Long.numberOfLeadingZeros(rest) - DEGREE);
        }
        return rest;
    }
}
