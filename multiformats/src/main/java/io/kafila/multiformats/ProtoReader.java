package io.kafila.multiformats;

import java.nio.ByteBuffer;

/**
 * Reads the fields of a protobuf message one after the other, in place (protobuf.dev/programming-guides/encoding). Confined
 * to one thread.
 */
public final class ProtoReader {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;
    private static final int MAX_VARINT_BYTES = 10;

    private final String subject;
    private final ByteBuffer in;
    private int wireType;

    /** @param subject what errors call the message */
    public ProtoReader(String subject, byte[] message) {
        this.subject = subject;
        this.in = ByteBuffer.wrap(message);
    }

    /**
     * The number of the next field, 0 at the end. Its value is then to be read or skipped.
     *
     * @throws MultiformatException as every method here, naming the subject, if the message is malformed
     */
    public int nextField() {
        if (!in.hasRemaining()) {
            return 0;
        }
        long key = varint();
        wireType = (int) (key & 7);
        long number = key >>> 3;
        if (number < 1 || number > 0x1fff_ffff) {
            throw new MultiformatException(subject + ": field number " + number + ", want 1 to 536870911");
        }
        return (int) number;
    }

    /** Whether the field is length-delimited: bytes, a text or a message. */
    public boolean isBytes() {
        return wireType == BYTES;
    }

    public boolean isVarint() {
        return wireType == VARINT;
    }

    /** The value of a length-delimited field, copied. */
    public byte[] bytes() {
        byte[] value = new byte[length()];
        in.get(value);
        return value;
    }

    /** The 64 bits of a varint, in any form that protobuf allows. */
    public long varint() {
        long value = 0;
        for (int length = 0; length < MAX_VARINT_BYTES; length++) {
            if (!in.hasRemaining()) {
                throw new MultiformatException(subject + ": varint ends after " + length + " bytes, want one more");
            }
            byte next = in.get();
            value |= (next & 0x7FL) << (7 * length);
            if (next >= 0) {
                return value;
            }
        }
        throw new MultiformatException(subject + ": varint of more than " + MAX_VARINT_BYTES + " bytes");
    }

    /** Passes over the field's value, whatever it is. */
    public void skip() {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED64 -> advance(8);
            case BYTES -> advance(length());
            case FIXED32 -> advance(4);
            default -> throw new MultiformatException(subject + ": wire type " + wireType + ", want 0, 1, 2 or 5");
        }
    }

    private int length() {
        long length = varint();
        if (length < 0 || length > in.remaining()) {
            throw tooLong(length);
        }
        return (int) length;
    }

    private void advance(int bytes) {
        if (bytes > in.remaining()) {
            throw tooLong(bytes);
        }
        in.position(in.position() + bytes);
    }

    private MultiformatException tooLong(long length) {
        return new MultiformatException(subject + ": field of " + Long.toUnsignedString(length) + " bytes, but "
                + in.remaining() + " are left");
    }
}
