package io.kafila.multiformats.internal.addr;

import io.kafila.multiformats.MultiformatException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Names in UTF-8, such as domains and zones: not empty, without a slash. */
public final class Text implements ValueCodec {
    private final String name;

    public Text(String name) {
        this.name = name;
    }

    @Override
    public byte[] parse(String text) {
        return encode(name, text);
    }

    @Override
    public String format(byte[] value) {
        return decode(name, value);
    }

    @Override
    public void check(byte[] value) {
        if (value.length == 0) {
            throw new MultiformatException(name + ": empty, want a name");
        }
        if (decode(name, value).indexOf('/') >= 0) {
            throw new MultiformatException(name + ": a slash in \"" + decode(name, value) + "\", want none");
        }
    }

    static byte[] encode(String name, String text) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] value = new byte[encoded.remaining()];
            encoded.get(value);
            return value;
        } catch (CharacterCodingException e) {
            throw new MultiformatException(name + ": a character that UTF-8 does not have", e);
        }
    }

    static String decode(String name, byte[] value) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MultiformatException(name + ": " + value.length + " bytes that are no UTF-8", e);
        }
    }
}
