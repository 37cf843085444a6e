package io.kafila.libp2p.internal.yamux;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What arrived on a stream and was not read yet, as slices of the buffers it arrived in.
 *
 * <p>A small slice would keep a large buffer alive, so a peer that sends single bytes could make us hold a thousand times
 * its window. Therefore a piece smaller than a fifth of its buffer is copied, and copies are packed; frames of 64 KiB less
 * their header, as Go sends them, are shared. Confined to the session's
 * thread.
 */
final class ReceiveBuffer {
    private static final int COPY_BELOW_SHARE = 5;
    private static final int PACK_BYTES = 2048;

    private final ByteBufAllocator allocator;
    private final ArrayDeque<ByteBuf> pieces = new ArrayDeque<>(4);
    private boolean tailIsOurs;

    ReceiveBuffer(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    boolean isEmpty() {
        return pieces.isEmpty();
    }

    int pieces() {
        return pieces.size();
    }

    /** Takes {@code length} bytes of {@code in}, moving its reader index and sharing its memory where that is no waste. */
    void append(ByteBuf in, int length) {
        if (length < rootCapacity(in) / COPY_BELOW_SHARE) {
            copy(in, length);
        } else {
            pieces.add(in.readRetainedSlice(length));
            tailIsOurs = false;
        }
    }

    @Nullable
    ByteBuf peek() {
        return pieces.peek();
    }

    void removeFirst() {
        pieces.remove().release();
        if (pieces.isEmpty()) {
            tailIsOurs = false;
        }
    }

    /** The oldest bytes, at most {@code maxBytes}; the caller owns the buffers. */
    List<ByteBuf> take(int maxBytes) {
        List<ByteBuf> taken = new ArrayList<>(Math.min(pieces.size(), 16));
        int left = maxBytes;
        for (ByteBuf next = pieces.peek(); next != null && left > 0; next = pieces.peek()) {
            int size = next.readableBytes();
            if (size > left) {
                taken.add(next.readRetainedSlice(left));
                break;
            }
            taken.add(next);
            pieces.remove();
            left -= size;
        }
        if (pieces.isEmpty()) {
            tailIsOurs = false;
        }
        return taken;
    }

    void clear() {
        for (ByteBuf piece = pieces.poll(); piece != null; piece = pieces.poll()) {
            piece.release();
        }
        tailIsOurs = false;
    }

    private void copy(ByteBuf in, int length) {
        ByteBuf tail = tailIsOurs ? pieces.peekLast() : null;
        if (tail != null) {
            int step = Math.min(length, tail.writableBytes());
            tail.writeBytes(in, step);
            length -= step;
        }
        if (length > 0) {
            ByteBuf fresh = allocator.directBuffer(Math.max(length, PACK_BYTES));
            fresh.writeBytes(in, length);
            pieces.add(fresh);
            tailIsOurs = true;
        }
    }

    private static int rootCapacity(ByteBuf buffer) {
        ByteBuf root = buffer;
        for (ByteBuf next = root.unwrap(); next != null; next = next.unwrap()) {
            root = next;
        }
        return root.capacity();
    }
}
