package io.kafila.multiformats.internal.base;

import java.nio.charset.StandardCharsets;

/** Bytes as they are, one character U+0000 to U+00FF for each. */
public final class IdentityBase implements BaseCodec {
    @Override
    public String encode(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public byte[] decode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xFF) {
                throw BaseCodec.badCharacter("identity", text, i);
            }
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
