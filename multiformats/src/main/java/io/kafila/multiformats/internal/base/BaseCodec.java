package io.kafila.multiformats.internal.base;

import io.kafila.multiformats.MultiformatException;

/** One way to write bytes as text, without a prefix. */
public interface BaseCodec {
    String encode(byte[] bytes);

    /** @throws MultiformatException if {@code text} is not what {@link #encode} answers for some bytes, letter case aside */
    byte[] decode(String text);

    /** The refusal of the character at {@code index}. */
    static MultiformatException badCharacter(String base, String text, int index) {
        int character = text.codePointAt(index);
        return new MultiformatException(base + ": character " + String.format("U+%04X", character) + " at " + index
                + " is not in its alphabet");
    }
}
