package io.kafila.blockstore.internal.store;

import java.nio.charset.StandardCharsets;

/**
 * The numbers that the index records of the whole store. Immutable.
 *
 * @param nextBirth the sequence number of the next put
 * @param lastSegment the highest segment that the index knows; a file above it was never acknowledged
 */
record Totals(long nextBirth, long lastSegment, long blocks, long liveBytes) {
    static final Totals EMPTY = new Totals(1, 0, 0, 0);

    private static final byte[] KEY = "totals".getBytes(StandardCharsets.UTF_8);

    static byte[] key() {
        return KEY.clone();
    }

    byte[] encode() {
        return SegmentState.Numbers.encode(nextBirth, lastSegment, blocks, liveBytes);
    }

    static Totals decode(byte[] value) {
        long[] numbers = SegmentState.Numbers.decode(value, 4);
        return new Totals(numbers[0], numbers[1], numbers[2], numbers[3]);
    }
}
