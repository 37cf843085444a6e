package io.kafila.libp2p.internal.identify;

import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.Varint;
import java.nio.ByteBuffer;

/** Reads the fields of a protobuf message one after the other, in place. Not thread-safe. */
final class ProtoReader {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final String subject;
    private final ByteBuffer in;
    private int wireType;

    ProtoReader(String subject, byte[] message) {
        this.subject = subject;
        this.in = ByteBuffer.wrap(message);
    }

    /** The number of the next field, 0 at the end. Its value is then to be read or skipped. */
    int nextField() {
        if (!in.hasRemaining()) {
            return 0;
        }
        long key = varint();
        wireType = (int) (key & 7);
        long number = key >>> 3;
        if (number < 1 || number > 0x1fff_ffff) {
            throw new IdentifyException(subject + ": field number " + number + ", want 1 to 536870911");
        }
        return (int) number;
    }

    boolean isBytes() {
        return wireType == BYTES;
    }

    boolean isVarint() {
        return wireType == VARINT;
    }

    byte[] bytes() {
        byte[] value = new byte[length()];
        in.get(value);
        return value;
    }

    long varint() {
        try {
            return Varint.read(in);
        } catch (MultiformatException e) {
            throw new IdentifyException(subject + ": " + e.getMessage(), e);
        }
    }

    void skip() {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED64 -> advance(8);
            case BYTES -> advance(length());
            case FIXED32 -> advance(4);
            default -> throw new IdentifyException(subject + ": wire type " + wireType + ", want 0, 1, 2 or 5");
        }
    }

    private int length() {
        long length = varint();
        if (length > in.remaining()) {
            throw new IdentifyException(
                    subject + ": field of " + length + " bytes, but " + in.remaining() + " are left");
        }
        return (int) length;
    }

    private void advance(int bytes) {
        if (bytes > in.remaining()) {
            throw new IdentifyException(
                    subject + ": field of " + bytes + " bytes, but " + in.remaining() + " are left");
        }
        in.position(in.position() + bytes);
    }
}
