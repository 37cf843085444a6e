package io.kafila.multiformats.internal.addr;

import io.kafila.multiformats.MultiformatException;

/** The two forms of the value of an address component. */
public interface ValueCodec {
    /** The bytes of a text; they still have to pass {@link #check}. */
    byte[] parse(String text);

    /** The text of bytes that passed {@link #check}, without a slash unless the value is a path. */
    String format(byte[] value);

    /** @throws MultiformatException if {@code value} is none of this kind; the message says what is wanted */
    void check(byte[] value);
}
