package io.kafila.libp2p.internal.multistream;

import io.kafila.libp2p.internal.multistream.MultistreamException.Kind;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts tokens out of bytes that arrive in any pieces: an unsigned varint, that many bytes, the last of them a newline. It
 * takes no byte beyond the end of a token. Confined to one thread.
 */
final class TokenReader {
    /** 1024 takes two bytes of varint. */
    private static final int MAX_LENGTH_BYTES = 2;

    private int length;
    private int lengthBytes;
    private byte @Nullable [] body;
    private int filled;

    /** The next token without its newline, or {@code null} if {@code in} ends before it does. */
    @Nullable
    String next(ByteBuf in) {
        byte[] token = body;
        if (token == null) {
            token = readLength(in);
            if (token == null) {
                return null;
            }
            body = token;
        }
        int step = Math.min(in.readableBytes(), token.length - filled);
        in.readBytes(token, filled, step);
        filled += step;
        if (filled < token.length) {
            return null;
        }
        body = null;
        filled = 0;
        length = 0;
        lengthBytes = 0;
        return text(token);
    }

    /** Whether a token has begun and not ended. */
    boolean midToken() {
        return lengthBytes > 0;
    }

    private byte @Nullable [] readLength(ByteBuf in) {
        while (in.isReadable()) {
            int b = in.readUnsignedByte();
            length |= (b & 0x7f) << (7 * lengthBytes++);
            if ((b & 0x80) == 0) {
                if (b == 0 && lengthBytes > 1) {
                    throw new MultistreamException(Kind.VIOLATION, "length is not a minimal varint");
                }
                if (length == 0) {
                    throw new MultistreamException(Kind.VIOLATION, "empty message, want at least a newline");
                }
                if (length > MultistreamNegotiation.MAX_MESSAGE_BYTES) {
                    throw tooLarge("message of " + length + " bytes");
                }
                return new byte[length];
            }
            if (lengthBytes == MAX_LENGTH_BYTES) {
                throw tooLarge("message length of more than " + MAX_LENGTH_BYTES + " varint bytes");
            }
        }
        return null;
    }

    private static MultistreamException tooLarge(String seen) {
        return new MultistreamException(
                Kind.TOO_LARGE, seen + ", want at most " + MultistreamNegotiation.MAX_MESSAGE_BYTES);
    }

    private static String text(byte[] token) {
        if (token[token.length - 1] != '\n') {
            throw new MultistreamException(Kind.VIOLATION, "message does not end with a newline");
        }
        byte[] bytes = Arrays.copyOf(token, token.length - 1);
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
            throw new MultistreamException(Kind.VIOLATION, "message is not UTF-8");
        }
        return text;
    }
}
