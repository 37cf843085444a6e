package io.kafila.multiformats;

import java.nio.ByteBuffer;

/**
 * The unsigned varint of multiformats: base 128, least significant group first, in the shortest form only, at most
 * {@value #MAX_BYTES} bytes and 63 bits.
 *
 * <p>Source: github.com/multiformats/unsigned-varint.
 */
public final class Varint {
    /** The length of the longest varint. */
    public static final int MAX_BYTES = 9;

    private Varint() {}

    /**
     * The number of bytes that {@code value} takes.
     *
     * @throws IllegalArgumentException if {@code value} is negative
     */
    public static int size(long value) {
        requireUnsigned(value);
        return 1 + (63 - Long.numberOfLeadingZeros(value | 1)) / 7;
    }

    /** Writes {@code value} at the position of {@code target} and advances it. */
    public static void write(ByteBuffer target, long value) {
        requireUnsigned(value);
        long rest = value;
        while (rest >= 0x80) {
            target.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        target.put((byte) rest);
    }

    public static byte[] encode(long value) {
        byte[] bytes = new byte[size(value)];
        write(ByteBuffer.wrap(bytes), value);
        return bytes;
    }

    /**
     * Reads one varint at the position of {@code source} and advances it past it.
     *
     * @throws MultiformatException if it is cut off, longer than {@value #MAX_BYTES} bytes or not in the shortest form;
     *     the position is then unspecified
     */
    public static long read(ByteBuffer source) {
        long value = 0;
        for (int length = 0; length < MAX_BYTES; length++) {
            if (!source.hasRemaining()) {
                throw new MultiformatException("varint: ends after " + length + " bytes, want one more");
            }
            byte next = source.get();
            value |= (next & 0x7FL) << (7 * length);
            if (next >= 0) {
                if (next == 0 && length > 0) {
                    throw new MultiformatException("varint: " + (length + 1) + " bytes for " + value
                            + ", want the shortest form of " + size(value));
                }
                return value;
            }
        }
        throw new MultiformatException("varint: more than " + MAX_BYTES + " bytes");
    }

    private static void requireUnsigned(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("varint: value " + value + ", want 0 to 2^63-1");
        }
    }
}
