package io.kafila.multiformats.internal.base;

import io.kafila.multiformats.MultiformatException;
import java.util.Arrays;

/** RFC 9285: two bytes are three characters, a last single byte is two, least significant first. */
public final class Base45 implements BaseCodec {
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    private static final int RADIX = 45;

    private final byte[] values = new byte[128];

    public Base45() {
        BitBase.fillValues(values, ALPHABET, false);
    }

    @Override
    public String encode(byte[] bytes) {
        if (bytes.length > Integer.MAX_VALUE / 2) {
            throw new IllegalArgumentException("base45: " + bytes.length + " bytes are too long for one text");
        }
        char[] text = new char[bytes.length / 2 * 3 + bytes.length % 2 * 2];
        int out = 0;
        for (int i = 0; i < bytes.length; i += 2) {
            boolean pair = i + 1 < bytes.length;
            int value = pair ? (bytes[i] & 0xFF) << 8 | (bytes[i + 1] & 0xFF) : bytes[i] & 0xFF;
            for (int j = 0; j < (pair ? 3 : 2); j++) {
                text[out++] = ALPHABET.charAt(value % RADIX);
                value /= RADIX;
            }
        }
        return new String(text);
    }

    @Override
    public byte[] decode(String text) {
        int length = text.length();
        if (length % 3 == 1) {
            throw new MultiformatException("base45: " + length + " characters, no bytes have a text of this length");
        }
        byte[] bytes = new byte[length / 3 * 2 + (length % 3) / 2];
        int out = 0;
        for (int i = 0; i < length; i += 3) {
            boolean pair = i + 2 < length;
            int value = valueAt(text, i) + RADIX * valueAt(text, i + 1);
            if (pair) {
                value += RADIX * RADIX * valueAt(text, i + 2);
            }
            if (value > (pair ? 0xFFFF : 0xFF)) {
                throw new MultiformatException(
                        "base45: value " + value + " at " + i + ", want at most " + (pair ? 0xFFFF : 0xFF));
            }
            if (pair) {
                bytes[out++] = (byte) (value >>> 8);
            }
            bytes[out++] = (byte) value;
        }
        return out == bytes.length ? bytes : Arrays.copyOf(bytes, out);
    }

    private int valueAt(String text, int index) {
        char character = text.charAt(index);
        int value = character < 128 ? values[character] : -1;
        if (value < 0) {
            throw BaseCodec.badCharacter("base45", text, index);
        }
        return value;
    }
}
