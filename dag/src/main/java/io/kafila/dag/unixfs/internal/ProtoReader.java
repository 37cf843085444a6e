package io.kafila.dag.unixfs.internal;

import io.kafila.dag.unixfs.UnixfsException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads a protobuf message, field by field (protobuf.dev/programming-guides/encoding). Confined to one thread. */
public final class ProtoReader {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int BYTES = 2;
    static final int FIXED32 = 5;

    private final ByteBuffer source;
    private int field;
    private int wireType;

    /** @param source read from its position to its limit */
    public ProtoReader(ByteBuffer source) {
        this.source = source.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Moves to the next field; {@code false} at the end. */
    boolean next() {
        if (!source.hasRemaining()) {
            return false;
        }
        long tag = varint();
        if (tag < 0 || tag >>> 3 == 0 || tag >>> 3 > (1 << 29) - 1) {
            throw malformed("field tag 0x" + Long.toHexString(tag), "a field from 1 to 2^29-1");
        }
        field = (int) (tag >>> 3);
        wireType = (int) tag & 7;
        return true;
    }

    int field() {
        return field;
    }

    int wireType() {
        return wireType;
    }

    /** The value of a varint field, its 64 bits. */
    long uint64() {
        requireWireType(VARINT);
        return varint();
    }

    int fixed32() {
        requireWireType(FIXED32);
        requireBytes(4);
        return source.getInt();
    }

    /** The bytes of a length-delimited field, as a view. */
    ByteBuffer bytes() {
        requireWireType(BYTES);
        long length = varint();
        if (length < 0 || length > source.remaining()) {
            throw malformed(
                    "field " + field + " of " + Long.toUnsignedString(length) + " bytes",
                    "at most the " + source.remaining() + " that remain");
        }
        ByteBuffer view = source.slice(source.position(), (int) length);
        source.position(source.position() + (int) length);
        return view;
    }

    /** Passes over the field's value, whatever it is. */
    void skip() {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED64 -> advance(8);
            case BYTES -> bytes();
            case FIXED32 -> advance(4);
            default -> throw malformed("wire type " + wireType, "0, 1, 2 or 5");
        }
    }

    /** A fault at the current place. */
    UnixfsException malformed(String seen, String wanted) {
        return new UnixfsException("unixfs: byte " + source.position() + ": " + seen + ", want " + wanted);
    }

    private void advance(int length) {
        requireBytes(length);
        source.position(source.position() + length);
    }

    private void requireWireType(int wanted) {
        if (wireType != wanted) {
            throw malformed("field " + field + " with wire type " + wireType, "" + wanted);
        }
    }

    private void requireBytes(int length) {
        if (source.remaining() < length) {
            throw malformed("field " + field + " cut off", length + " bytes");
        }
    }

    boolean hasMore() {
        return source.hasRemaining();
    }

    /** A varint without a tag, as in packed fields. */
    long varint() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            if (!source.hasRemaining()) {
                throw malformed("varint cut off", "its last byte");
            }
            byte next = source.get();
            if (shift == 63 && (next & 0xfe) != 0) {
                break;
            }
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw malformed("varint of more than 64 bits", "64");
    }
}
