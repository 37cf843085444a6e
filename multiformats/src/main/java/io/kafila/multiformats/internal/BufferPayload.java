package io.kafila.multiformats.internal;

import io.kafila.multiformats.Payload;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** A payload over a list of buffers. Thread-safe: the views are immutable, the owners are counted atomically. */
public final class BufferPayload implements Payload {
    private final List<ByteBuffer> pieces;
    private final int size;
    private final Runnable onRelease;
    private final AtomicInteger owners = new AtomicInteger(1);

    public BufferPayload(List<ByteBuffer> pieces, Runnable onRelease) {
        List<ByteBuffer> views = new ArrayList<>(pieces.size());
        long total = 0;
        for (ByteBuffer piece : pieces) {
            if (piece.hasRemaining()) {
                views.add(piece.slice().asReadOnlyBuffer());
                total += piece.remaining();
            }
        }
        if (total > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("payload: " + total + " bytes, want at most " + Integer.MAX_VALUE);
        }
        this.pieces = List.copyOf(views);
        this.size = (int) total;
        this.onRelease = Objects.requireNonNull(onRelease, "onRelease");
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public List<ByteBuffer> buffers() {
        requireOwned();
        if (pieces.size() == 1) {
            return List.of(pieces.get(0).duplicate());
        }
        List<ByteBuffer> views = new ArrayList<>(pieces.size());
        for (ByteBuffer piece : pieces) {
            views.add(piece.duplicate());
        }
        return views;
    }

    @Override
    public ByteBuffer buffer() {
        requireOwned();
        // One buffer is what the caller asked for; several pieces can only become one by a copy.
        return pieces.size() == 1
                ? pieces.get(0).duplicate()
                : ByteBuffer.wrap(toByteArray()).asReadOnlyBuffer();
    }

    @Override
    public byte[] toByteArray() {
        requireOwned();
        byte[] bytes = new byte[size];
        int offset = 0;
        for (ByteBuffer piece : pieces) {
            int length = piece.remaining();
            piece.get(piece.position(), bytes, offset, length);
            offset += length;
        }
        return bytes;
    }

    @Override
    public Payload slice(int offset, int length) {
        Objects.checkFromIndexSize(offset, /* size= */ length, /* length= */ size);
        requireOwned();
        List<ByteBuffer> parts = new ArrayList<>(pieces.size());
        int skip = offset;
        int rest = length;
        for (ByteBuffer piece : pieces) {
            int have = piece.remaining();
            if (skip >= have) {
                skip -= have;
                continue;
            }
            int take = Math.min(have - skip, rest);
            if (take > 0) {
                parts.add(piece.slice(skip, take));
            }
            rest -= take;
            skip = 0;
            if (rest == 0) {
                break;
            }
        }
        retain();
        return new BufferPayload(parts, this::close);
    }

    @Override
    public Payload retain() {
        for (; ; ) {
            int now = owners.get();
            if (now == 0) {
                throw closed();
            }
            if (owners.compareAndSet(now, now + 1)) {
                return this;
            }
        }
    }

    @Override
    public void close() {
        for (; ; ) {
            int now = owners.get();
            if (now == 0) {
                throw closed();
            }
            if (owners.compareAndSet(now, now - 1)) {
                if (now == 1) {
                    onRelease.run();
                }
                return;
            }
        }
    }

    @Override
    public String toString() {
        return "Payload[" + size + " bytes, " + pieces.size() + " pieces, " + owners.get() + " owners]";
    }

    private void requireOwned() {
        if (owners.get() == 0) {
            throw closed();
        }
    }

    private IllegalStateException closed() {
        return new IllegalStateException("payload of " + size + " bytes: used after its last close");
    }
}
