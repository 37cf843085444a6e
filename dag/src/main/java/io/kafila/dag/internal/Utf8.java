package io.kafila.dag.internal;

import io.kafila.dag.CodecException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/** Strict UTF-8: nothing is replaced. */
public final class Utf8 {
    /** The order of the bytes of two strings, which is the order of their code points. */
    public static final Comparator<String> BYTE_ORDER = Utf8::compare;

    private Utf8() {}

    /** The text of {@code length} bytes at {@code offset}, which are in the buffer. */
    static String decode(String codec, ByteBuffer block, int offset, int length) {
        byte[] bytes = bytes(block, offset, length);
        if (isAscii(bytes)) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        try {
            return decoder.decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw CodecException.at(codec, offset, "string of " + length + " bytes that is no UTF-8", "UTF-8", e);
        }
    }

    /** As {@link #decode}, with replacement characters for what is no UTF-8. */
    static String decodeLossy(ByteBuffer block, int offset, int length) {
        return new String(bytes(block, offset, length), StandardCharsets.UTF_8);
    }

    /** The bytes of a string, which must not hold a surrogate without its partner. */
    static byte[] encode(String codec, String text) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(text));
            return Arrays.copyOfRange(bytes.array(), bytes.arrayOffset(), bytes.arrayOffset() + bytes.limit());
        } catch (CharacterCodingException e) {
            throw CodecException.node(codec, "string with an unpaired surrogate", "Unicode text");
        }
    }

    static byte[] bytes(ByteBuffer block, int offset, int length) {
        byte[] bytes = new byte[length];
        block.get(offset, bytes);
        return bytes;
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    private static int compare(String a, String b) {
        int shared = Math.min(a.length(), b.length());
        for (int i = 0; i < shared; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                // Surrogates stand for code points above all of the basic plane.
                boolean xHigh = Character.isSurrogate(x);
                boolean yHigh = Character.isSurrogate(y);
                return xHigh == yHigh ? Character.compare(x, y) : xHigh ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
