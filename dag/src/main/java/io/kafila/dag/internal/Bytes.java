package io.kafila.dag.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes that grow: what a writer appends to. Confined to its writer. */
final class Bytes {
    private byte[] bytes = new byte[256];
    private int size;

    void put(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
    }

    void put(byte[] more) {
        reserve(more.length);
        System.arraycopy(more, 0, bytes, size, more.length);
        size += more.length;
    }

    /** Appends what remains in the buffer and moves its position. */
    void put(ByteBuffer more) {
        int length = more.remaining();
        reserve(length);
        more.get(bytes, size, length);
        size += length;
    }

    /** Appends the lowest {@code width} bytes of a number, the highest of them first. */
    void putBigEndian(long value, int width) {
        reserve(width);
        for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
    }

    /** Appends text of which every character is ASCII. */
    void putAscii(String text) {
        int length = text.length();
        reserve(length);
        for (int i = 0; i < length; i++) {
            bytes[size++] = (byte) text.charAt(i);
        }
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    private void reserve(int more) {
        int needed = Math.addExact(size, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(2L * bytes.length, Integer.MAX_VALUE - 8)));
        }
    }
}
