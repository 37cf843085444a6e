package io.kafila.libp2p.internal.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;

/**
 * What all channels have in common.
 *
 * <p>Reads are of 256 KiB and writes are batched to as much: measured, both matter more than the kind of transport. The
 * sizes of the kernel's buffers are never set, that would switch off their autotuning.
 */
final class ChannelDefaults {
    private static final int READ_BYTES = 256 * 1024;
    private static final int LOW_WATER_BYTES = 512 * 1024;
    private static final int HIGH_WATER_BYTES = 1024 * 1024;

    private ChannelDefaults() {}

    static Bootstrap applyTo(Bootstrap bootstrap, int timeoutMs) {
        return bootstrap
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.RECVBUF_ALLOCATOR, readBuffers())
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMs);
    }

    static ServerBootstrap applyTo(ServerBootstrap bootstrap) {
        return bootstrap
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, readBuffers())
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark());
    }

    private static RecvByteBufAllocator readBuffers() {
        return new FixedRecvByteBufAllocator(READ_BYTES);
    }

    private static WriteBufferWaterMark waterMark() {
        return new WriteBufferWaterMark(LOW_WATER_BYTES, HIGH_WATER_BYTES);
    }
}
