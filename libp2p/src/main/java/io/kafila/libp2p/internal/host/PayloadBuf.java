package io.kafila.libp2p.internal.host;

import io.kafila.multiformats.Payload;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Payloads as ByteBufs and back, without copying but of the smallest. */
final class PayloadBuf extends CompositeByteBuf {
    /** Below this a copy is cheaper than a reference. */
    private static final int COPY_UP_TO_BYTES = 512;

    private final Payload payload;

    private PayloadBuf(ByteBufAllocator allocator, Payload payload, List<ByteBuffer> buffers) {
        super(allocator, true, Math.max(16, buffers.size()));
        this.payload = payload;
        for (ByteBuffer buffer : buffers) {
            if (buffer.hasRemaining()) {
                addComponent(true, direct(allocator, buffer));
            }
        }
    }

    /** One piece on the heap, be it a few bytes of a header, would make the secure channel copy all of them. */
    private static ByteBuf direct(ByteBufAllocator allocator, ByteBuffer buffer) {
        return buffer.isDirect()
                ? Unpooled.wrappedBuffer(buffer)
                : allocator.directBuffer(buffer.remaining()).writeBytes(buffer);
    }

    /** The bytes of {@code payload}; takes ownership of it, and closes it when the last reference to the answer goes. */
    static ByteBuf of(ByteBufAllocator allocator, Payload payload) {
        List<ByteBuffer> buffers = payload.buffers();
        if (payload.size() > COPY_UP_TO_BYTES) {
            return new PayloadBuf(allocator, payload, buffers);
        }
        ByteBuf copy = allocator.directBuffer(Math.max(1, payload.size()));
        buffers.forEach(copy::writeBytes);
        payload.close();
        return copy;
    }

    /** The readable bytes of {@code pieces}; takes ownership of them. */
    static Payload toPayload(List<ByteBuf> pieces) {
        List<ByteBuffer> views = new ArrayList<>(pieces.size());
        for (ByteBuf piece : pieces) {
            if (piece.nioBufferCount() == 1) {
                views.add(piece.nioBuffer());
            } else {
                views.addAll(List.of(piece.nioBuffers()));
            }
        }
        return Payload.of(views, () -> pieces.forEach(ByteBuf::release));
    }

    @Override
    protected void deallocate() {
        super.deallocate();
        payload.close();
    }
}
