package io.kafila.libp2p.internal.security.aead;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** A known answer that a suite must give before it is trusted with traffic. */
final class AeadSelfTest {
    private static final byte[] KEY = sequence(0x80, AeadCipher.KEY_BYTES);
    private static final byte[] DATA = sequence(0x50, 12);
    private static final byte[] PLAIN = "known answer of a caravan".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SEALED = HexFormat.of()
            .parseHex("9fdf81cc3efa3ab350c614f92e1803ff9253378a404be5cf65c067ef196f4b9f0d7343c39543567284");
    private static final long NONCE = 0x0102030405060708L;

    private AeadSelfTest() {}

    /** Whether {@code suite} seals and opens as RFC 8439 says, in heap and in direct memory, and detects a changed byte. */
    static boolean passes(AeadSuite suite) {
        return passes(suite, false) && passes(suite, true);
    }

    private static boolean passes(AeadSuite suite, boolean direct) {
        ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(SEALED.length) : ByteBuffer.allocate(SEALED.length);
        buffer.put(PLAIN).flip();
        ByteBuffer out = buffer.duplicate().clear();
        suite.sealer(KEY).seal(NONCE, DATA, buffer, out);
        if (!out.flip().equals(ByteBuffer.wrap(SEALED))) {
            return false;
        }
        ByteBuffer opened = direct ? ByteBuffer.allocateDirect(PLAIN.length) : ByteBuffer.allocate(PLAIN.length);
        try {
            suite.opener(KEY).open(NONCE, DATA, out.duplicate(), opened);
        } catch (AeadException e) {
            return false;
        }
        return opened.flip().equals(ByteBuffer.wrap(PLAIN)) && detectsChange(suite, out);
    }

    private static boolean detectsChange(AeadSuite suite, ByteBuffer sealed) {
        sealed.put(0, (byte) (sealed.get(0) ^ 1));
        try {
            suite.opener(KEY).open(NONCE, DATA, sealed, ByteBuffer.allocate(PLAIN.length));
            return false;
        } catch (AeadException e) {
            return true;
        }
    }

    private static byte[] sequence(int first, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (first + i);
        }
        return bytes;
    }
}
