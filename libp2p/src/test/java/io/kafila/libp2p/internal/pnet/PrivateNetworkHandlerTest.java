package io.kafila.libp2p.internal.pnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.libp2p.SwarmKey;
import io.kafila.libp2p.internal.security.HandshakeException;
import io.kafila.libp2p.internal.security.LeakWatch;
import io.kafila.testkit.Seed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PrivateNetworkHandlerTest {
    private static final byte[] HEADER = "\u0013/multistream/1.0.0\n".getBytes(StandardCharsets.US_ASCII);
    private static final SwarmKey KEY = SwarmKey.generate(new SecureRandom());

    private LeakWatch leaks;
    private final EmbeddedChannel here = channel(KEY);

    private static EmbeddedChannel channel(SwarmKey key) {
        return new EmbeddedChannel(new PrivateNetworkHandler(key, new SecureRandom()));
    }

    @BeforeEach
    void watch() {
        leaks = new LeakWatch();
    }

    @AfterEach
    void close() throws Exception {
        here.finishAndReleaseAll();
        leaks.close();
    }

    /** All that a channel sends when these are written. */
    private static byte[] sent(EmbeddedChannel channel, ByteBuf... messages) {
        for (ByteBuf message : messages) {
            channel.writeOutbound(message);
        }
        return drained(channel::readOutbound);
    }

    private interface Source {
        ByteBuf next();
    }

    private static byte[] drained(Source source) {
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf next = source.next(); next != null; next = source.next()) {
            all.writeBytes(next);
            next.release();
        }
        return ByteBufUtil.getBytes(all);
    }

    private static ByteBuf direct(byte[] bytes) {
        return UnpooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(bytes);
    }

    @Test
    void bytes_crossInPiecesOfAnySize() {
        Seed.each(30, random -> {
            EmbeddedChannel there = channel(KEY);
            byte[] body = new byte[random.nextInt(5000)];
            random.nextBytes(body);
            byte[] wire = sent(there, direct(HEADER), direct(body));
            assertThat(wire).hasSize(24 + HEADER.length + body.length);
            EmbeddedChannel receiver = channel(KEY);
            for (int at = 0; at < wire.length; ) {
                int length = Math.min(wire.length - at, 1 + random.nextInt(60));
                receiver.writeInbound(Unpooled.copiedBuffer(wire, at, length));
                at += length;
            }
            byte[] seen = drained(receiver::readInbound);
            assertThat(seen).startsWith(HEADER).endsWith(body).hasSize(HEADER.length + body.length);
            there.finishAndReleaseAll();
            receiver.finishAndReleaseAll();
        });
    }

    @Test
    void compositeAndSharedBuffers_areSentRight_andTheSharedOneStaysAsItIs() {
        CompositeByteBuf composite =
                Unpooled.compositeBuffer().addComponents(true, direct(HEADER), direct(new byte[] {1, 2, 3}));
        ByteBuf shared = Unpooled.copiedBuffer(new byte[] {4, 5, 6});
        byte[] wire = sent(
                here,
                composite,
                shared.retainedSlice(),
                shared.retainedDuplicate().asReadOnly());
        assertThat(ByteBufUtil.getBytes(shared)).containsExactly(4, 5, 6);
        shared.release();
        EmbeddedChannel receiver = channel(KEY);
        receiver.writeInbound(Unpooled.wrappedBuffer(wire));
        assertThat(drained(receiver::readInbound))
                .endsWith(1, 2, 3, 4, 5, 6, 4, 5, 6)
                .hasSize(HEADER.length + 9);
        receiver.finishAndReleaseAll();
    }

    @Test
    void everyChannel_hasANonceOfItsOwn() {
        EmbeddedChannel there = channel(KEY);
        assertThat(sent(here, direct(HEADER))).isNotEqualTo(sent(there, direct(HEADER)));
        there.finishAndReleaseAll();
    }

    @Test
    void otherKey_isRefusedWithItsFirstBytes() {
        EmbeddedChannel there = channel(SwarmKey.generate(new SecureRandom()));
        byte[] wire = sent(there, direct(HEADER));
        assertThatThrownBy(() -> here.writeInbound(Unpooled.wrappedBuffer(wire)))
                .isInstanceOfSatisfying(
                        HandshakeException.class,
                        fault -> assertThat(fault.kind()).isEqualTo(HandshakeException.Kind.OTHER_NETWORK))
                .hasMessage("pnet: the peer has another swarm key");
        assertThat(here.isOpen()).isFalse();
        there.finishAndReleaseAll();
    }

    @Test
    void noKey_isRefusedBeforeItsNonceIsWhole() {
        assertThatThrownBy(() -> here.writeInbound(Unpooled.wrappedBuffer(HEADER)))
                .hasMessage("pnet: the peer speaks without a swarm key");
        assertThat(here.isOpen()).isFalse();
    }

    @Test
    void afterARefusal_nothingIsDeliveredAnyMore() {
        byte[] noise = new byte[500];
        new Random(3).nextBytes(noise);
        assertThatThrownBy(() -> here.writeInbound(Unpooled.copiedBuffer(noise), Unpooled.copiedBuffer(noise)))
                .isInstanceOf(HandshakeException.class);
        Object seen = here.readInbound();
        assertThat(seen).isNull();
    }

    @Test
    void withoutAutoRead_aNonceAloneAsksForMore() {
        here.config().setAutoRead(false);
        int[] reads = new int[1];
        here.pipeline().addFirst(new io.netty.channel.ChannelOutboundHandlerAdapter() {
            @Override
            public void read(io.netty.channel.ChannelHandlerContext ctx) {
                reads[0]++;
                ctx.read();
            }
        });
        here.writeInbound(Unpooled.wrappedBuffer(new byte[24]));
        assertThat(reads[0]).isEqualTo(1);
    }

    @Test
    void somethingElseThanBytes_isNotSent() {
        assertThatThrownBy(() -> here.writeOutbound("text"))
                .hasMessage("pnet: write of java.lang.String, want a ByteBuf");
    }
}
