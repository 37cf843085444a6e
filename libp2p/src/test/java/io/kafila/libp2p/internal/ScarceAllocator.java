package io.kafila.libp2p.internal;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/** Gives a number of direct buffers and then throws as an allocator without memory does; and knows which are still out. */
public final class ScarceAllocator extends AbstractByteBufAllocator {
    private final List<ByteBuf> given = new ArrayList<>();
    private int left;

    /** @param left how many buffers there are */
    public ScarceAllocator(int left) {
        super(true);
        this.left = left;
    }

    public long unreleased() {
        return given.stream().filter(buffer -> buffer.refCnt() > 0).count();
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        return newDirectBuffer(initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        if (left == 0) {
            throw new OutOfMemoryError("none left");
        }
        left--;
        ByteBuf buffer = UnpooledByteBufAllocator.DEFAULT.directBuffer(initialCapacity, maxCapacity);
        given.add(buffer);
        return buffer;
    }

    @Override
    public boolean isDirectBufferPooled() {
        return false;
    }
}
