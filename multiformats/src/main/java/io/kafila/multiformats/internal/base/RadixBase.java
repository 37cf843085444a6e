package io.kafila.multiformats.internal.base;

import io.kafila.multiformats.MultiformatException;
import java.util.Arrays;

/**
 * A base that reads all bytes as one large big-endian number: base10, base36, base58. Each leading zero byte is one
 * leading zero character.
 *
 * <p>The cost is quadratic in the length, so lengths are limited; these bases are for identifiers, not for content.
 */
public final class RadixBase implements BaseCodec {
    /** The longest value that is encoded. */
    public static final int MAX_BYTES = 16 << 10;
    /** The longest text that is decoded, above what {@link #MAX_BYTES} take in base10. */
    public static final int MAX_CHARACTERS = 40_000;

    private final String name;
    private final char[] alphabet;
    private final byte[] values = new byte[128];
    private final int radix;
    /** The number of characters that one step converts, and the radix to that power, below 2^31. */
    private final int stepCharacters;

    private final long stepRadix;

    public RadixBase(String name, String alphabet, boolean anyCase) {
        this.name = name;
        this.alphabet = alphabet.toCharArray();
        this.radix = alphabet.length();
        BitBase.fillValues(values, alphabet, anyCase);
        int characters = 1;
        long power = radix;
        while (power * radix < 1L << 31) {
            power *= radix;
            characters++;
        }
        this.stepCharacters = characters;
        this.stepRadix = power;
    }

    @Override
    public String encode(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException(name + ": " + bytes.length + " bytes, want at most " + MAX_BYTES);
        }
        int zeros = 0;
        while (zeros < bytes.length && bytes[zeros] == 0) {
            zeros++;
        }
        int[] number = toLimbs(bytes, zeros);
        // log(256)/log(radix) characters for each byte, rounded up, and room for the zeros of the last step.
        int room = (int) ((bytes.length - zeros) * (Math.log(256) / Math.log(radix))) + 1 + stepCharacters;
        char[] text = new char[zeros + room];
        int out = text.length;
        int head = 0;
        while (head < number.length && number[head] == 0) {
            head++;
        }
        while (head < number.length) {
            long remainder = 0;
            for (int i = head; i < number.length; i++) {
                long dividend = (remainder << 32) | (number[i] & 0xFFFFFFFFL);
                number[i] = (int) (dividend / stepRadix);
                remainder = dividend % stepRadix;
            }
            while (head < number.length && number[head] == 0) {
                head++;
            }
            for (int i = 0; i < stepCharacters && (head < number.length || remainder > 0); i++) {
                text[--out] = alphabet[(int) (remainder % radix)];
                remainder /= radix;
            }
        }
        Arrays.fill(text, out - zeros, out, alphabet[0]);
        return new String(text, out - zeros, text.length - out + zeros);
    }

    @Override
    public byte[] decode(String text) {
        int length = text.length();
        if (length > MAX_CHARACTERS) {
            throw new MultiformatException(name + ": " + length + " characters, want at most " + MAX_CHARACTERS);
        }
        int zeros = 0;
        while (zeros < length && valueAt(text, zeros) == 0) {
            zeros++;
        }
        int[] number = new int[(int) ((length - zeros) * (Math.log(radix) / Math.log(2)) / 32) + 2];
        int head = number.length;
        for (int i = zeros; i < length; ) {
            int end = Math.min(i + stepCharacters, length);
            long factor = 1;
            long carry = 0;
            for (; i < end; i++) {
                carry = carry * radix + valueAt(text, i);
                factor *= radix;
            }
            for (int limb = number.length - 1; limb >= head; limb--) {
                long product = (number[limb] & 0xFFFFFFFFL) * factor + carry;
                number[limb] = (int) product;
                carry = product >>> 32;
            }
            if (carry != 0) {
                number[--head] = (int) carry;
            }
        }
        return toBytes(number, head, zeros);
    }

    private int valueAt(String text, int index) {
        char character = text.charAt(index);
        int value = character < 128 ? values[character] : -1;
        if (value < 0) {
            throw BaseCodec.badCharacter(name, text, index);
        }
        return value;
    }

    private static int[] toLimbs(byte[] bytes, int from) {
        int[] limbs = new int[(bytes.length - from + 3) / 4];
        for (int i = bytes.length - 1, shift = 0, limb = limbs.length - 1; i >= from; i--) {
            limbs[limb] |= (bytes[i] & 0xFF) << shift;
            shift += 8;
            if (shift == 32) {
                shift = 0;
                limb--;
            }
        }
        return limbs;
    }

    private static byte[] toBytes(int[] number, int head, int zeros) {
        int leading = head < number.length ? Integer.numberOfLeadingZeros(number[head]) / 8 : 0;
        byte[] bytes = new byte[zeros + (number.length - head) * 4 - leading];
        for (int i = bytes.length - 1, at = 0; i >= zeros; i--, at++) {
            bytes[i] = (byte) (number[number.length - 1 - at / 4] >>> (8 * (at % 4)));
        }
        return bytes;
    }
}
