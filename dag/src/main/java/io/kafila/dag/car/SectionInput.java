package io.kafila.dag.car;

import io.kafila.blockstore.Block;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream into length-prefixed pieces. Confined to one reader at a time.
 *
 * <p>Bytes are read into large buffers, and blocks are slices of them: nothing is copied but the piece that a buffer's end
 * cuts in two. A buffer goes back to the pool when the last of its blocks is closed.
 */
final class SectionInput implements AutoCloseable {
    private static final int MAX_VARINT_BYTES = 9;
    private static final int HEADER_STEP_BYTES = 64 * 1024;
    /** Most archives that are not large are smaller than this; only the others take a buffer of the pool. */
    private static final int FIRST_BUFFER_BYTES = 64 * 1024;

    private final ReadableByteChannel channel;
    private final BufferPool pool;

    /** From position to limit: read from the channel and not yet cut. */
    private ByteBuffer buffer;

    private Payload memory;
    /** Where in the stream the position of the buffer is. */
    private long offset;
    /** Where in the stream the pieces end. */
    private long end = Long.MAX_VALUE;

    private boolean channelEnded;

    SectionInput(ReadableByteChannel channel, BufferPool pool) {
        this.channel = channel;
        this.pool = pool;
        this.buffer = ByteBuffer.allocate(FIRST_BUFFER_BYTES);
        this.memory = payload(buffer);
        buffer.limit(0);
    }

    private Payload payload(ByteBuffer whole) {
        // Blocks are cut from it only where it is written already.
        return Payload.of(List.of(whole.duplicate().clear()), () -> pool.give(whole));
    }

    long offset() {
        return offset;
    }

    /** From here on the stream is taken to end at {@code end}. */
    void endAt(long end) {
        this.end = end;
    }

    /** Moves to a place further on. */
    void skipTo(long place) {
        while (offset < place) {
            if (!buffer.hasRemaining() && !fill(1)) {
                throw CarException.at(offset, "end of the archive", "data at byte " + place);
            }
            int step = (int) Math.min(place - offset, buffer.remaining());
            buffer.position(buffer.position() + step);
            offset += step;
        }
    }

    /** The next {@code length} bytes; they are good until the next call. */
    ByteBuffer fixed(int length, String what) {
        if (!fill(length)) {
            throw cutShort(what, length);
        }
        ByteBuffer bytes = buffer.slice(buffer.position(), length);
        advance(length);
        return bytes;
    }

    /** A piece that does not lie in the pool's memory, for the header. */
    byte[] header(int maxBytes) {
        long at = offset;
        long length = length("header", maxBytes);
        if (length < 0) {
            throw CarException.at(at, "end of the archive", "a header");
        }
        if (length == 0) {
            throw CarException.at(at, "header of 0 bytes", "a map with version and roots");
        }
        // Grows with what arrives, not with what was announced.
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(HEADER_STEP_BYTES);
        while (bytes.size() < length) {
            if (!buffer.hasRemaining() && !fill(1)) {
                throw cutShort("header", length - bytes.size());
            }
            byte[] step = new byte[(int) Math.min(length - bytes.size(), buffer.remaining())];
            buffer.get(step);
            offset += step.length;
            bytes.writeBytes(step);
        }
        return bytes.toByteArray();
    }

    /**
     * The next section; null at the end. The caller owns the block.
     *
     * @param zeroIsEnd whether a section without bytes is the end
     */
    @Nullable
    Block section(int maxBytes, boolean zeroIsEnd) {
        long at = offset;
        int length = length("section", maxBytes);
        if (length < 0 || (length == 0 && zeroIsEnd)) {
            return null;
        }
        if (length == 0) {
            throw CarException.at(at, "section of 0 bytes", "a Cid and its block");
        }
        if (length > end - offset) {
            throw CarException.at(
                    at,
                    "section of " + length + " bytes",
                    "at most the " + (end - offset) + " that are left of the data");
        }
        if (!fill(length)) {
            throw cutShort("section", length);
        }
        int start = buffer.position();
        ByteBuffer section = buffer.slice(start, length);
        Cid cid;
        try {
            cid = Cid.read(section);
        } catch (MultiformatException e) {
            throw CarException.at(offset, "section without a Cid (" + e.getMessage() + ")", "a Cid and its block", e);
        }
        Payload payload = memory.slice(start + section.position(), section.remaining());
        advance(length);
        return new Block(cid, payload);
    }

    /** A length in front of a piece; -1 at the end of the stream. */
    private int length(String what, int maxBytes) {
        long at = offset;
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES; i++) {
            if (offset >= end || (!buffer.hasRemaining() && !fill(1))) {
                if (i == 0) {
                    if (end != Long.MAX_VALUE && offset < end) {
                        throw cutShort("data", end - offset);
                    }
                    return -1;
                }
                throw CarException.at(at, "end of the archive in the length of a " + what, "a varint");
            }
            int b = buffer.get();
            offset++;
            value |= (long) (b & 0x7f) << (7 * i);
            if (b >= 0) {
                if (b == 0 && i > 0) {
                    throw CarException.at(at, "length of a " + what + " in more bytes than needed", "the fewest");
                }
                if (value > maxBytes) {
                    throw CarException.at(at, what + " of " + value + " bytes", "at most " + maxBytes);
                }
                return (int) value;
            }
        }
        throw CarException.at(at, "length of a " + what + " of more than 63 bits", "at most " + maxBytes);
    }

    private void advance(int length) {
        buffer.position(buffer.position() + length);
        offset += length;
    }

    /** Reads until {@code length} bytes lie in the buffer; false where the channel ends before. */
    private boolean fill(int length) {
        if (buffer.remaining() >= length) {
            return true;
        }
        if (buffer.capacity() - buffer.position() < length) {
            ByteBuffer next = pool.take(length);
            Payload nextMemory = payload(next);
            next.put(buffer).flip();
            memory.close();
            buffer = next;
            memory = nextMemory;
        }
        int position = buffer.position();
        int filled = buffer.limit();
        buffer.limit(buffer.capacity()).position(filled);
        try {
            while (!channelEnded && buffer.position() - position < length) {
                int read = channel.read(buffer);
                if (read == 0) {
                    throw CarException.at(offset, "channel that does not block", "a blocking one");
                }
                channelEnded = read < 0;
            }
        } catch (IOException e) {
            throw CarException.io(offset, "cannot read", e);
        } finally {
            buffer.flip().position(position);
        }
        return buffer.remaining() >= length;
    }

    private CarException cutShort(String what, long missing) {
        return CarException.at(
                offset + buffer.remaining(),
                "end of the archive in a " + what,
                (missing - buffer.remaining()) + " more bytes");
    }

    @Override
    public void close() {
        memory.close();
    }
}
