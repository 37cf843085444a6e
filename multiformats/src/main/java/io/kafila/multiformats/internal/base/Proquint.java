package io.kafila.multiformats.internal.base;

import io.kafila.multiformats.MultiformatException;

/**
 * Pronounceable five-letter words, one for each two bytes, joined by hyphens (arXiv 0901.4016), after {@code ro-} so
 * that the multibase text starts with {@code pro-}.
 *
 * <p>The source defines whole pairs of bytes only. A last single byte is a word of three letters, whose two bits to spare
 * are zero; so every value has one text.
 */
public final class Proquint implements BaseCodec {
    private static final String LEAD = "ro-";
    private static final String CONSONANTS = "bdfghjklmnprstvz";
    private static final String VOWELS = "aiou";
    private static final int WORD = 5;
    private static final int SHORT_WORD = 3;

    @Override
    public String encode(byte[] bytes) {
        StringBuilder text = new StringBuilder(LEAD);
        for (int i = 0; i < bytes.length; i += 2) {
            if (i > 0) {
                text.append('-');
            }
            boolean pair = i + 1 < bytes.length;
            int value = (bytes[i] & 0xFF) << 8 | (pair ? bytes[i + 1] & 0xFF : 0);
            text.append(CONSONANTS.charAt(value >>> 12));
            text.append(VOWELS.charAt(value >>> 10 & 3));
            text.append(CONSONANTS.charAt(value >>> 6 & 15));
            if (pair) {
                text.append(VOWELS.charAt(value >>> 4 & 3));
                text.append(CONSONANTS.charAt(value & 15));
            }
        }
        return text.toString();
    }

    @Override
    public byte[] decode(String text) {
        if (!text.startsWith(LEAD)) {
            throw new MultiformatException("proquint: text does not start with pro-");
        }
        int length = text.length() - LEAD.length();
        if (length == 0) {
            return new byte[0];
        }
        // Words of five with a hyphen between: 6n-1 letters; with a short word at the end 6n+3.
        boolean odd = length % (WORD + 1) == SHORT_WORD;
        if (!odd && length % (WORD + 1) != WORD) {
            throw new MultiformatException("proquint: " + length + " letters, no bytes have a text of this length");
        }
        int words = length / (WORD + 1) + 1;
        byte[] bytes = new byte[words * 2 - (odd ? 1 : 0)];
        for (int word = 0; word < words; word++) {
            int at = LEAD.length() + word * (WORD + 1);
            if (word > 0 && text.charAt(at - 1) != '-') {
                throw BaseCodec.badCharacter("proquint", text, at - 1);
            }
            boolean pair = word < words - 1 || !odd;
            int value = letter(text, at, CONSONANTS) << 12
                    | letter(text, at + 1, VOWELS) << 10
                    | letter(text, at + 2, CONSONANTS) << 6;
            if (pair) {
                value |= letter(text, at + 3, VOWELS) << 4 | letter(text, at + 4, CONSONANTS);
                bytes[word * 2 + 1] = (byte) value;
            } else if ((value & 0xFF) != 0) {
                throw new MultiformatException("proquint: bits left over after the last byte are not zero");
            }
            bytes[word * 2] = (byte) (value >>> 8);
        }
        return bytes;
    }

    private static int letter(String text, int index, String letters) {
        int value = letters.indexOf(text.charAt(index));
        if (value < 0) {
            throw BaseCodec.badCharacter("proquint", text, index);
        }
        return value;
    }
}
