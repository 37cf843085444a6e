package io.kafila.multiformats.internal.addr;

import io.kafila.multiformats.MultiformatException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** An HTTP path: any bytes but none at all; in text all but RFC 3986's unreserved characters are percent-encoded. */
public final class PercentPath implements ValueCodec {
    private static final String HEX = "0123456789ABCDEF";

    @Override
    public byte[] parse(String text) {
        byte[] escaped = Text.encode("http-path", text);
        ByteArrayOutputStream value = new ByteArrayOutputStream(escaped.length);
        for (int i = 0; i < escaped.length; i++) {
            if (escaped[i] != '%') {
                value.write(escaped[i]);
                continue;
            }
            int high = i + 2 < escaped.length ? Character.digit(escaped[i + 1], 16) : -1;
            int low = i + 2 < escaped.length ? Character.digit(escaped[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw new MultiformatException("http-path: \"" + text + "\", want two hexadecimal digits after each %");
            }
            value.write(high << 4 | low);
            i += 2;
        }
        return value.toByteArray();
    }

    @Override
    public String format(byte[] value) {
        StringBuilder text = new StringBuilder(value.length);
        for (char next : new String(value, StandardCharsets.ISO_8859_1).toCharArray()) {
            if (isUnreserved(next)) {
                text.append(next);
            } else {
                text.append('%').append(HEX.charAt(next >>> 4)).append(HEX.charAt(next & 15));
            }
        }
        return text.toString();
    }

    @Override
    public void check(byte[] value) {
        if (value.length == 0) {
            throw new MultiformatException("http-path: empty, want a path");
        }
    }

    private static boolean isUnreserved(char character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || "-._~".indexOf(character) >= 0;
    }
}
