package io.kafila.multiformats.internal.base;

import io.kafila.multiformats.MultiformatException;
import java.util.Arrays;

/**
 * A base whose alphabet is a power of two: each character stands for a fixed number of bits, most significant first
 * (RFC 4648, and base2, base8, base32z in the same manner).
 *
 * <p>Only the one canonical text of some bytes is accepted: bits left over in the last character are zero, and the
 * padding is there exactly where the base has it.
 */
public final class BitBase implements BaseCodec {
    private static final char PAD = '=';

    private final String name;
    private final char[] alphabet;
    private final byte[] values = new byte[128];
    private final int bits;
    private final boolean padded;

    /** @param anyCase whether decoding takes letters of either case */
    public BitBase(String name, String alphabet, boolean anyCase, boolean padded) {
        this.name = name;
        this.alphabet = alphabet.toCharArray();
        this.bits = Integer.numberOfTrailingZeros(alphabet.length());
        this.padded = padded;
        fillValues(values, alphabet, anyCase);
    }

    static void fillValues(byte[] values, String alphabet, boolean anyCase) {
        Arrays.fill(values, (byte) -1);
        for (int i = 0; i < alphabet.length(); i++) {
            char character = alphabet.charAt(i);
            values[character] = (byte) i;
            if (anyCase) {
                values[Character.toLowerCase(character)] = (byte) i;
                values[Character.toUpperCase(character)] = (byte) i;
            }
        }
    }

    @Override
    public String encode(byte[] bytes) {
        long characters = ((long) bytes.length * 8 + bits - 1) / bits;
        int group = groupCharacters();
        long total = padded ? (characters + group - 1) / group * group : characters;
        if (total > Integer.MAX_VALUE - 16) {
            throw new IllegalArgumentException(name + ": " + bytes.length + " bytes are too long for one text");
        }
        char[] text = new char[(int) total];
        int out = 0;
        int buffer = 0;
        int held = 0;
        int mask = alphabet.length - 1;
        for (byte next : bytes) {
            buffer = (buffer << 8) | (next & 0xFF);
            held += 8;
            while (held >= bits) {
                held -= bits;
                text[out++] = alphabet[(buffer >>> held) & mask];
            }
        }
        if (held > 0) {
            text[out++] = alphabet[(buffer << (bits - held)) & mask];
        }
        Arrays.fill(text, out, text.length, PAD);
        return new String(text);
    }

    @Override
    public byte[] decode(String text) {
        return decode(text, true);
    }

    /** As {@link #decode(String)}, but whatever the bits left over in the last character are. */
    public byte[] decodeAnyTail(String text) {
        return decode(text, false);
    }

    private byte[] decode(String text, boolean canonical) {
        int characters = padded ? withoutPadding(text) : text.length();
        byte[] bytes = new byte[(int) ((long) characters * bits / 8)];
        int out = 0;
        int buffer = 0;
        int held = 0;
        for (int i = 0; i < characters; i++) {
            char character = text.charAt(i);
            int value = character < 128 ? values[character] : -1;
            if (value < 0) {
                throw BaseCodec.badCharacter(name, text, i);
            }
            buffer = (buffer << bits) | value;
            held += bits;
            if (held >= 8) {
                held -= 8;
                bytes[out++] = (byte) (buffer >>> held);
            }
        }
        if (held >= bits) {
            throw new MultiformatException(
                    name + ": " + characters + " characters, no bytes have a text of this length");
        }
        if (canonical && (buffer & ((1 << held) - 1)) != 0) {
            throw new MultiformatException(name + ": bits left over after the last byte are not zero");
        }
        return bytes;
    }

    /** The number of characters before the padding, which must fill the last group and no more. */
    private int withoutPadding(String text) {
        int group = groupCharacters();
        if (text.length() % group != 0) {
            throw new MultiformatException(
                    name + ": " + text.length() + " characters, want a multiple of " + group + " with padding");
        }
        int end = text.length();
        while (end > 0 && text.length() - end < group && text.charAt(end - 1) == PAD) {
            end--;
        }
        int padding = text.length() - end;
        if (padding == group) {
            throw new MultiformatException(name + ": " + padding + " characters of padding, want less than a group");
        }
        return end;
    }

    /** The least number of characters that stands for whole bytes. */
    private int groupCharacters() {
        return 8 / Integer.lowestOneBit(bits | 8);
    }
}
