package io.kafila.benchmarks.link;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The packets on their way along one direction of a link, in one ring of bytes: what was put in first is due first.
 *
 * <p>One thread puts in ({@link #slot}, {@link #put}), one takes out ({@link #due}, {@link #head}, {@link #remove}). Packets
 * are read from the socket into the ring and written to the next socket from it, so nothing is copied or allocated between.
 */
final class DelayLine {
    /** Nothing is on its way. */
    static final long NEVER = Long.MAX_VALUE;

    private static final int HEADER_BYTES = 16;
    private static final int LENGTH_OFFSET = 8;
    /** In place of a length: the packets go on at the start of the ring. */
    private static final int WRAP = -1;

    private static final VarHandle TAIL;
    private static final VarHandle HEAD;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TAIL = lookup.findVarHandle(DelayLine.class, "tail", long.class);
            HEAD = lookup.findVarHandle(DelayLine.class, "head", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ByteBuffer in;
    private final ByteBuffer out;
    private final int capacity;
    private final int maxPacketBytes;

    /** Where the next packet goes, counted from the beginning of time; written by the thread that puts in. */
    @SuppressWarnings("unused")
    private long tail;
    /** Where the first packet lies; written by the thread that takes out. */
    @SuppressWarnings("unused")
    private long head;

    /** A line that holds {@code capacityBytes} of packets and their headers, or a little more. */
    DelayLine(long capacityBytes, int maxPacketBytes) {
        long rounded = Math.max(align(capacityBytes), 4L * align(HEADER_BYTES + maxPacketBytes));
        if (rounded > Integer.MAX_VALUE - HEADER_BYTES) {
            throw new IllegalArgumentException("delay line of " + capacityBytes + " bytes, want less than 2 GiB");
        }
        this.capacity = (int) rounded;
        this.maxPacketBytes = maxPacketBytes;
        this.in = ByteBuffer.allocateDirect(capacity);
        this.out = in.duplicate();
    }

    /** Room for the next packet, to be filled from its position, or {@code null} if the line is full. */
    @Nullable
    ByteBuffer slot() {
        long at = (long) TAIL.get(this);
        int offset = (int) (at % capacity);
        int skip = capacity - offset < HEADER_BYTES + maxPacketBytes ? capacity - offset : 0;
        long free = capacity - (at - (long) HEAD.getAcquire(this));
        if (free <= skip + align(HEADER_BYTES + maxPacketBytes)) {
            return null;
        }
        in.clear();
        if (skip > 0) {
            in.putInt(offset + LENGTH_OFFSET, WRAP);
            TAIL.setRelease(this, at + skip);
            offset = 0;
        }
        in.limit(offset + HEADER_BYTES + maxPacketBytes).position(offset + HEADER_BYTES);
        return in;
    }

    /** What was filled into the last {@link #slot}, up to its position, is on its way until {@code due}. */
    void put(long due) {
        long at = (long) TAIL.get(this);
        int offset = (int) (at % capacity);
        int length = in.position() - offset - HEADER_BYTES;
        in.putLong(offset, due);
        in.putInt(offset + LENGTH_OFFSET, length);
        TAIL.setRelease(this, at + align(HEADER_BYTES + length));
    }

    /** When the first packet is due, {@link #NEVER} if there is none. */
    long due() {
        int offset = first();
        return offset < 0 ? NEVER : out.getLong(offset);
    }

    /** The bytes of the first packet; only if there is one. */
    ByteBuffer head() {
        int offset = first();
        int length = out.getInt(offset + LENGTH_OFFSET);
        out.limit(offset + HEADER_BYTES + length).position(offset + HEADER_BYTES);
        return out;
    }

    /** The first packet is through. */
    void remove() {
        int offset = first();
        out.clear();
        long at = (long) HEAD.get(this);
        HEAD.setRelease(this, at + align(HEADER_BYTES + out.getInt(offset + LENGTH_OFFSET)));
    }

    /** The offset of the first packet, or -1. */
    private int first() {
        long at = (long) HEAD.get(this);
        if (at == (long) TAIL.getAcquire(this)) {
            return -1;
        }
        out.clear();
        int offset = (int) (at % capacity);
        if (out.getInt(offset + LENGTH_OFFSET) != WRAP) {
            return offset;
        }
        HEAD.setRelease(this, at + capacity - offset);
        return at + capacity - offset == (long) TAIL.getAcquire(this) ? -1 : 0;
    }

    private static long align(long bytes) {
        return (bytes + HEADER_BYTES - 1) & -HEADER_BYTES;
    }
}
