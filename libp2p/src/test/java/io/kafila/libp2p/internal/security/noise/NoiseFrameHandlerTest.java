package io.kafila.libp2p.internal.security.noise;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.libp2p.internal.ScarceAllocator;
import io.kafila.libp2p.internal.security.aead.AeadSuite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoiseFrameHandlerTest {
    private static final int WRITE_BYTES = 256 * 1024;

    @Test
    void flush_memoryForAPartOnly_failsEveryWrite_andLeavesNothingOut() {
        AeadSuite suite = AeadSuite.fastest();
        NoiseFrameHandler handler = new NoiseFrameHandler(
                new FrameSealer(suite.sealer(new byte[32])), new FrameOpener(suite.opener(new byte[32])));
        List<Throwable> errors = new ArrayList<>();
        EmbeddedChannel channel = new EmbeddedChannel(handler, new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                errors.add(cause);
            }
        });
        ScarceAllocator allocator = new ScarceAllocator(1);
        channel.config().setAllocator(allocator);
        List<ByteBuf> plain = new ArrayList<>();
        List<ChannelFuture> writes = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            ByteBuf bytes = Unpooled.directBuffer(WRITE_BYTES).writeZero(WRITE_BYTES);
            plain.add(bytes);
            writes.add(channel.write(bytes));
        }

        channel.flush();

        assertThat(writes).allSatisfy(write -> assertThat(write.cause()).isInstanceOf(OutOfMemoryError.class));
        assertThat(errors).singleElement().isInstanceOf(OutOfMemoryError.class);
        assertThat(channel.isOpen()).isFalse();
        assertThat(plain).allSatisfy(bytes -> assertThat(bytes.refCnt()).isZero());
        assertThat(allocator.unreleased()).isZero();
    }
}
