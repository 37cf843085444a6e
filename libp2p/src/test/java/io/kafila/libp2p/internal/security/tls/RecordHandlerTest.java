package io.kafila.libp2p.internal.security.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.libp2p.ConnectionException;
import io.kafila.libp2p.internal.ScarceAllocator;
import io.kafila.libp2p.internal.security.LeakWatch;
import io.kafila.libp2p.internal.security.Role;
import io.kafila.libp2p.internal.security.SecuredSession;
import io.kafila.libp2p.internal.security.tls.TlsEngines.Provider;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.PrivateKey;
import io.kafila.testkit.Fixtures;
import io.kafila.testkit.Seed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.io.ByteArrayOutputStream;
import java.nio.channels.ClosedChannelException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two pipelines in one thread, past their handshake, with the test as the wire between them. */
class RecordHandlerTest {
    private static final int RECORD_BYTES = 16 * 1024;

    private final LeakWatch leaks = new LeakWatch();
    private final EmbeddedChannel alice = new EmbeddedChannel();
    private final EmbeddedChannel bob = new EmbeddedChannel();
    private final List<ReferenceCountedOpenSslEngine> engines = new ArrayList<>();

    @BeforeEach
    void shakeHands() {
        Fixtures.require(OpenSsl.isAvailable(), "BoringSSL has no native library for this platform");
        SecureRandom random = new SecureRandom();
        Future<SecuredSession> dialed = upgrader(random).upgrade(alice.pipeline(), Role.INITIATOR, null, List.of());
        Future<SecuredSession> accepted = upgrader(random).upgrade(bob.pipeline(), Role.RESPONDER, null, List.of());
        for (EmbeddedChannel channel : List.of(alice, bob)) {
            engines.add((ReferenceCountedOpenSslEngine)
                    channel.pipeline().get(SslHandler.class).engine());
        }
        for (int turn = 0; turn < 16; turn++) {
            pass(alice, bob);
            pass(bob, alice);
        }
        assertThat(dialed.isSuccess() && accepted.isSuccess()).isTrue();
    }

    private static TlsUpgrader upgrader(SecureRandom random) {
        return new TlsUpgrader(
                Provider.BORINGSSL,
                PrivateKey.generate(KeyType.ED25519, random),
                random,
                Clock.systemUTC(),
                Duration.ofSeconds(10));
    }

    @AfterEach
    void releaseAll() {
        alice.finishAndReleaseAll();
        bob.finishAndReleaseAll();
        assertThat(engines).as("engines, once their channels are closed").allMatch(engine -> engine.refCnt() == 0);
        leaks.close();
    }

    private static List<ByteBuf> sent(EmbeddedChannel channel) {
        channel.runPendingTasks();
        List<ByteBuf> all = new ArrayList<>();
        for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            all.add(next);
        }
        return all;
    }

    /** Brings what one side has sent to the other, in one read; answers whether there was something. */
    private static boolean pass(EmbeddedChannel from, EmbeddedChannel to) {
        List<ByteBuf> bytes = sent(from);
        if (bytes.isEmpty()) {
            return false;
        }
        to.writeInbound(Unpooled.wrappedBuffer(bytes.toArray(ByteBuf[]::new)));
        return true;
    }

    private static byte[] received(EmbeddedChannel channel) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuf next = channel.readInbound(); next != null; next = channel.readInbound()) {
            assertThat(next.readableBytes()).isBetween(1, RecordLayer.PIECE_BYTES);
            byte[] bytes = new byte[next.readableBytes()];
            next.readBytes(bytes).release();
            all.writeBytes(bytes);
        }
        return all.toByteArray();
    }

    @Test
    void handshake_overWithBoringSsl_leavesTheRecordsToTheirOwnHandler() {
        for (EmbeddedChannel channel : List.of(alice, bob)) {
            assertThat(channel.pipeline().get(RecordHandler.class)).isNotNull();
            assertThat(channel.pipeline().get(SslHandler.class)).isNull();
        }
    }

    @Test
    void write_anyShape_arrives() {
        byte[] bytes = new Seed(1).bytes(3_000_000);
        CompositeByteBuf shape = ByteBufAllocator.DEFAULT.compositeDirectBuffer();
        int[] cuts = {0, 1, 1 + RECORD_BYTES, 100_000, 1_100_000, 1_100_001, 2_999_999, bytes.length};
        for (int i = 1; i < cuts.length; i++) {
            int length = cuts[i] - cuts[i - 1];
            ByteBuf piece = i % 2 == 0 ? Unpooled.buffer(length) : Unpooled.directBuffer(length);
            shape.addComponent(true, piece.writeBytes(bytes, cuts[i - 1], length));
        }

        assertThat(alice.writeOutbound(shape.asReadOnly(), Unpooled.EMPTY_BUFFER))
                .isTrue();
        assertThat(shape.refCnt()).isZero();
        pass(alice, bob);

        assertThat(received(bob)).isEqualTo(bytes);
    }

    @Test
    void read_byteByByte_givesWholeRecords() {
        byte[] bytes = new Seed(2).bytes(20_000);
        alice.writeOutbound(Unpooled.copiedBuffer(bytes));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuf sealed : sent(alice)) {
            while (sealed.isReadable()) {
                bob.writeInbound(sealed.readBytes(1));
                all.writeBytes(received(bob));
            }
            sealed.release();
        }
        assertThat(all.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void read_writesOfTheLayersAbove_whileThereIsMoreToRead() {
        // Each piece is answered at once, in the middle of a read.
        bob.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ctx.writeAndFlush(((ByteBuf) message).retainedDuplicate());
                ctx.fireChannelRead(message);
            }
        });
        byte[] bytes = new Seed(3).bytes(1_000_000);
        alice.writeOutbound(Unpooled.copiedBuffer(bytes));
        pass(alice, bob);
        pass(bob, alice);

        assertThat(received(bob)).isEqualTo(bytes);
        assertThat(received(alice)).isEqualTo(bytes);
    }

    @Test
    void read_closedByTheLayersAbove_dropsTheRest() {
        bob.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ((ByteBuf) message).release();
                ctx.channel().close();
                ctx.channel().deregister();
            }
        });
        alice.writeOutbound(Unpooled.copiedBuffer(new byte[1_000_000]));
        pass(alice, bob);
        assertThat(bob.isOpen()).isFalse();
    }

    @Test
    void close_tellsThePeer_whoHasReadEverythingBefore() {
        alice.writeOutbound(Unpooled.copiedBuffer(new byte[100_000]));
        ChannelFuture closed = alice.close();
        pass(alice, bob);

        assertThat(closed.isSuccess()).isTrue();
        assertThat(received(bob)).hasSize(100_000);
        bob.runPendingTasks();
        assertThat(bob.isOpen()).as("the peer's end is the end").isFalse();
    }

    /** A server sends its tickets with its first words, which are its last ones here. */
    @Test
    void close_ofAServerThatHasSaidNothing_tellsThePeer() {
        bob.pipeline().close();
        pass(bob, alice);
        alice.runPendingTasks();
        assertThat(alice.isOpen()).isFalse();
    }

    @Test
    void close_twice_completesBothOnceThePeerWasTold() {
        List<ByteBuf> written = new ArrayList<>();
        List<ChannelPromise> promises = new ArrayList<>();
        alice.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                written.add((ByteBuf) message);
                promises.add(promise);
            }
        });
        ChannelFuture first = alice.pipeline().close();
        ChannelFuture second = alice.pipeline().close();
        assertThat(first.isDone() || second.isDone()).isFalse();

        promises.forEach(ChannelPromise::setSuccess);

        assertThat(first.isSuccess() && second.isSuccess()).isTrue();
        assertThat(written).hasSize(1);
        written.forEach(ByteBuf::release);
    }

    @Test
    void write_withoutMemory_endsTheConnection_insteadOfLeavingAHole() {
        List<Throwable> errors = errorsOf(alice);
        alice.writeOutbound(Unpooled.copiedBuffer(new byte[10]));
        ByteBufAllocator before = alice.alloc();
        alice.config().setAllocator(new ScarceAllocator(0));
        ChannelFuture lost = alice.writeAndFlush(Unpooled.copiedBuffer(new byte[10]));
        alice.config().setAllocator(before);
        ChannelFuture after = alice.writeAndFlush(Unpooled.copiedBuffer(new byte[10]));

        assertThat(lost.cause()).isInstanceOf(OutOfMemoryError.class);
        assertThat(after.cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(errors)
                .singleElement()
                .satisfies(error -> assertThat(error)
                        .isInstanceOf(ConnectionException.class)
                        .hasMessageContaining("none left"));
        assertThat(alice.isOpen()).isFalse();
        pass(alice, bob);
        assertThat(received(bob)).hasSize(10);
    }

    private static List<Throwable> errorsOf(EmbeddedChannel channel) {
        List<Throwable> errors = new ArrayList<>();
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                errors.add(cause);
            }
        });
        return errors;
    }

    @Test
    void write_afterTheEnd_failsAndIsReleased() {
        alice.close();
        ByteBuf late = Unpooled.copiedBuffer(new byte[10]);
        ChannelFuture written = alice.writeAndFlush(late);
        assertThat(written.cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(late.refCnt()).isZero();
    }

    @Test
    void read_forgedRecord_deliversWhatCameBefore_thenFails_andSaysSo() {
        alice.writeOutbound(Unpooled.copiedBuffer(new byte[RECORD_BYTES]), Unpooled.copiedBuffer(new byte[100]));
        List<ByteBuf> sealed = sent(alice);
        ByteBuf last = sealed.get(sealed.size() - 1);
        last.setByte(last.writerIndex() - 1, last.getByte(last.writerIndex() - 1) ^ 1);
        List<Throwable> errors = errorsOf(bob);

        bob.writeInbound(Unpooled.wrappedBuffer(sealed.toArray(ByteBuf[]::new)));

        assertThat(received(bob)).hasSize(RECORD_BYTES);
        assertThat(errors)
                .singleElement()
                .satisfies(error -> assertThat(error)
                        .isInstanceOf(ConnectionException.class)
                        .hasMessageStartingWith("tls: ")
                        .hasMessageContaining("DECRYPT"));
        assertThat(bob.isOpen()).isFalse();
        List<ByteBuf> alert = sent(bob);
        assertThat(alert).as("an alert for the peer").hasSize(1);
        alert.forEach(ByteBuf::release);
    }

    @Test
    void close_peerReadsNothing_closesAfterAWhile() {
        alice.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                ((ByteBuf) message).release(); // and never completes
            }
        });
        alice.pipeline().close(); // the channel's own close would drop the timers with it
        assertThat(alice.isOpen()).isTrue();
        alice.advanceTimeBy(4, TimeUnit.SECONDS);
        alice.runScheduledPendingTasks();
        assertThat(alice.isOpen()).isFalse();
    }
}
