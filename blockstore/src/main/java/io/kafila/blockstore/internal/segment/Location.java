package io.kafila.blockstore.internal.segment;

import io.kafila.blockstore.BlockstoreException;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.Varint;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where a block lies, as the index keeps it: a kind byte, then varints, then the inline copy if there is one. Immutable.
 *
 * @param birth the sequence number of its put
 * @param segment the segment, 0 where the block is a reference to a user's file
 * @param offset where its payload begins in the segment
 * @param inline a copy of a small block
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Location(long birth, long segment, long offset, int sizeBytes, byte @Nullable [] inline) {
    private static final byte SEGMENT = 1;
    private static final byte INLINE = 2;
    private static final byte REFERENCE = 3;

    public static Location reference(long birth, int sizeBytes) {
        return new Location(birth, 0, 0, sizeBytes, null);
    }

    public boolean isReference() {
        return segment == 0;
    }

    /** Whether the other location is the same place. */
    public boolean samePlace(Location other) {
        return segment == other.segment && offset == other.offset;
    }

    public byte[] encode() {
        int length = 1 + Varint.size(birth) + Varint.size(sizeBytes);
        if (!isReference()) {
            length += Varint.size(segment) + Varint.size(offset) + (inline == null ? 0 : inline.length);
        }
        ByteBuffer out = ByteBuffer.allocate(length);
        out.put(isReference() ? REFERENCE : inline == null ? SEGMENT : INLINE);
        Varint.write(out, birth);
        Varint.write(out, sizeBytes);
        if (!isReference()) {
            Varint.write(out, segment);
            Varint.write(out, offset);
            if (inline != null) {
                out.put(inline);
            }
        }
        return out.array();
    }

    public static Location decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            int kind = in.hasRemaining() ? in.get() : 0;
            if (kind < SEGMENT || kind > REFERENCE) {
                throw new BlockstoreException("index: a location of kind " + kind + ", want 1 to 3");
            }
            long birth = Varint.read(in);
            int sizeBytes = Math.toIntExact(Varint.read(in));
            if (kind == REFERENCE) {
                return reference(birth, sizeBytes);
            }
            long segment = Varint.read(in);
            long offset = Varint.read(in);
            byte[] inline = null;
            if (kind == INLINE) {
                inline = new byte[in.remaining()];
                in.get(inline);
            }
            if (segment == 0 || (inline != null && inline.length != sizeBytes)) {
                throw new BlockstoreException("index: a location that contradicts itself");
            }
            return new Location(birth, segment, offset, sizeBytes, inline);
        } catch (MultiformatException | ArithmeticException e) {
            throw new BlockstoreException("index: a location of " + bytes.length + " bytes that is cut", e);
        }
    }
}
