package io.kafila.libp2p.internal.yamux;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOutboundInvoker;
import org.jspecify.annotations.Nullable;

/**
 * Writes frames to a channel. Headers and small payloads are gathered in one buffer, because every write becomes a record of
 * the secure channel, which costs more than the copy of a few bytes; large payloads are written where they lie.
 *
 * <p>Confined to the channel's event loop.
 */
final class FrameWriter implements FrameSink {
    /** Payloads from this size on are not copied. */
    static final int GATHER_BELOW_BYTES = 4096;

    /** One record of TLS. */
    private static final int GATHERED_BYTES = 16 * 1024;

    private final ChannelOutboundInvoker channel;
    private final ByteBufAllocator allocator;
    private @Nullable ByteBuf gathered;

    FrameWriter(ChannelOutboundInvoker channel, ByteBufAllocator allocator) {
        this.channel = channel;
        this.allocator = allocator;
    }

    /** Writes what {@link YamuxSession#pull} yields; answers its bytes. */
    long pull(YamuxSession session, long maxBytes, long nowNanos) {
        try {
            return session.pull(this, maxBytes, nowNanos);
        } finally {
            finish();
        }
    }

    @Override
    public void frame(FrameHeader header, @Nullable ByteBuf payload) {
        boolean small = payload == null || payload.readableBytes() < GATHER_BELOW_BYTES;
        ByteBuf room;
        try {
            room = room(FrameHeader.BYTES + (small && payload != null ? payload.readableBytes() : 0));
        } catch (RuntimeException | Error e) {
            if (payload != null) {
                payload.release();
            }
            throw e;
        }
        header.write(room);
        if (payload == null) {
            return;
        }
        if (small) {
            room.writeBytes(payload);
            payload.release();
        } else {
            finish();
            channel.write(payload);
        }
    }

    private void finish() {
        ByteBuf bytes = gathered;
        gathered = null;
        if (bytes != null) {
            channel.write(bytes);
        }
    }

    private ByteBuf room(int bytes) {
        ByteBuf buffer = gathered;
        if (buffer != null && buffer.writableBytes() >= bytes) {
            return buffer;
        }
        finish();
        buffer = allocator.directBuffer(GATHERED_BYTES, GATHERED_BYTES);
        gathered = buffer;
        return buffer;
    }
}
