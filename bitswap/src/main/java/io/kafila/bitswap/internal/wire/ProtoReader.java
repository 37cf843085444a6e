package io.kafila.bitswap.internal.wire;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A cursor over protobuf that lies in several pieces. Positions count from the first byte of the first piece. Nested
 * messages are read by narrowing {@link #enter} and widening {@link #leave} the limit. Confined to one thread.
 */
final class ProtoReader {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int BYTES = 2;
    static final int FIXED32 = 5;

    private final List<ByteBuffer> pieces;
    private int piece;
    private int position;
    private int limit;

    ProtoReader(List<ByteBuffer> pieces) {
        this.pieces = pieces;
        for (ByteBuffer buffer : pieces) {
            limit = Math.addExact(limit, buffer.remaining());
        }
    }

    int position() {
        return position;
    }

    boolean hasMore() {
        return position < limit;
    }

    /** Narrows the limit to the next {@code length} bytes; answers what {@link #leave} wants. */
    int enter(int length) {
        int outer = limit;
        limit = position + length;
        return outer;
    }

    void leave(int outer) {
        limit = outer;
    }

    private byte next() {
        if (position >= limit) {
            throw new WireException("bitswap message: ends at byte " + position + " within a field");
        }
        while (!pieces.get(piece).hasRemaining()) {
            piece++;
        }
        position++;
        return pieces.get(piece).get();
    }

    long varint() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            byte next = next();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new WireException("bitswap message: varint at byte " + position + " is longer than 10 bytes");
    }

    /** The length of a field, which fits into what is left. */
    int length(String field, int max) {
        long length = varint();
        if (length < 0 || length > max) {
            throw new WireException("bitswap message: " + field + " of " + Long.toUnsignedString(length)
                    + " bytes, want at most " + max);
        }
        if (length > limit - position) {
            throw new WireException(
                    "bitswap message: " + field + " of " + length + " bytes, but " + (limit - position) + " are left");
        }
        return (int) length;
    }

    /** The next {@code length} bytes, which {@link #length} has checked, copied. */
    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        int done = 0;
        while (done < length) {
            ByteBuffer buffer = pieces.get(piece);
            if (!buffer.hasRemaining()) {
                piece++;
                continue;
            }
            int part = Math.min(length - done, buffer.remaining());
            buffer.get(bytes, done, part);
            done += part;
        }
        position += length;
        return bytes;
    }

    /** Passes over {@code length} bytes, which {@link #length} has checked. */
    void skip(int length) {
        int left = length;
        while (left > 0) {
            ByteBuffer buffer = pieces.get(piece);
            int part = Math.min(left, buffer.remaining());
            buffer.position(buffer.position() + part);
            left -= part;
            if (left > 0) {
                piece++;
            }
        }
        position += length;
    }

    /** Passes over the value of a field that nobody knows. */
    void skipField(int tag) {
        switch (tag & 7) {
            case VARINT -> varint();
            case FIXED64 -> skip(fixed(8));
            case BYTES -> skip(length("unknown field", limit));
            case FIXED32 -> skip(fixed(4));
            default ->
                throw new WireException(
                        "bitswap message: wire type " + (tag & 7) + " at byte " + position + ", want 0, 1, 2 or 5");
        }
    }

    private int fixed(int length) {
        if (limit - position < length) {
            throw new WireException("bitswap message: ends at byte " + limit + " within a field");
        }
        return length;
    }

    /** A field's number and wire type. */
    int tag() {
        long tag = varint();
        if (tag < 8 || tag > 0xFFFF_FFFFL) {
            throw new WireException(
                    "bitswap message: field tag " + Long.toUnsignedString(tag) + " at byte " + position);
        }
        return (int) tag;
    }
}
