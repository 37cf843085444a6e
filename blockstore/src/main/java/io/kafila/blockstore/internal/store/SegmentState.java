package io.kafila.blockstore.internal.store;

import io.kafila.blockstore.BlockstoreException;
import io.kafila.blockstore.internal.segment.SegmentHeader;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.Varint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What the index records of a segment. Immutable.
 *
 * @param tail up to where the segment is acknowledged
 * @param sealed whether it is finished: never written or cut again
 * @param stale whether it may hold copies of blocks that lie elsewhere too; such a one is compacted before all others,
 *     and while there is one no removal is forgotten
 * @param liveBlocks how many blocks the index finds in it
 * @param liveBytes the sum of their sizes
 */
record SegmentState(long tail, boolean sealed, boolean stale, long liveBlocks, long liveBytes) {
    static final SegmentState EMPTY = new SegmentState(SegmentHeader.PAGE_BYTES, false, false, 0, 0);

    /** What a live block costs beyond its payload: its line in the trailer and its share of the footer. */
    private static final long OVERHEAD_BYTES = 64;

    private static final byte[] PREFIX = "segment/".getBytes(StandardCharsets.UTF_8);
    private static final int SEALED = 1;
    private static final int STALE = 2;

    SegmentState withTail(long position) {
        return new SegmentState(position, sealed, stale, liveBlocks, liveBytes);
    }

    SegmentState asSealed() {
        return new SegmentState(tail, true, stale, liveBlocks, liveBytes);
    }

    SegmentState asStale() {
        return new SegmentState(tail, sealed, true, liveBlocks, liveBytes);
    }

    SegmentState plus(int blocks, long bytes) {
        return new SegmentState(tail, sealed, stale, liveBlocks + blocks, liveBytes + bytes);
    }

    /** How many bytes compaction would give back. */
    long deadBytes() {
        return Math.max(tail - SegmentHeader.PAGE_BYTES - liveBytes - liveBlocks * OVERHEAD_BYTES, 0);
    }

    static byte[] key(long id) {
        return ByteBuffer.allocate(PREFIX.length + Long.BYTES)
                .put(PREFIX)
                .putLong(id)
                .array();
    }

    static byte[] prefix() {
        return PREFIX.clone();
    }

    /** The id in a key, or -1 where it is the key of something else. */
    static long idOf(byte[] key) {
        boolean mine = key.length == PREFIX.length + Long.BYTES
                && ByteBuffer.wrap(key, 0, PREFIX.length).equals(ByteBuffer.wrap(PREFIX));
        return mine ? ByteBuffer.wrap(key).getLong(PREFIX.length) : -1;
    }

    byte[] encode() {
        int flags = (sealed ? SEALED : 0) | (stale ? STALE : 0);
        return Numbers.encode(flags, tail, liveBlocks, liveBytes);
    }

    static SegmentState decode(byte[] value) {
        long[] numbers = Numbers.decode(value, 4);
        return new SegmentState(
                numbers[1], (numbers[0] & SEALED) != 0, (numbers[0] & STALE) != 0, numbers[2], numbers[3]);
    }

    /** A few numbers as varints, one after the other. */
    static final class Numbers {
        private Numbers() {}

        static byte[] encode(long... numbers) {
            int length = 0;
            for (long number : numbers) {
                length += Varint.size(number);
            }
            ByteBuffer out = ByteBuffer.allocate(length);
            for (long number : numbers) {
                Varint.write(out, number);
            }
            return out.array();
        }

        static long[] decode(byte[] value, int count) {
            try {
                ByteBuffer in = ByteBuffer.wrap(value);
                long[] numbers = new long[count];
                for (int i = 0; i < count; i++) {
                    numbers[i] = Varint.read(in);
                }
                return numbers;
            } catch (MultiformatException e) {
                throw new BlockstoreException(
                        "index: a record of " + value.length + " bytes, want " + count + " numbers", e);
            }
        }
    }
}
