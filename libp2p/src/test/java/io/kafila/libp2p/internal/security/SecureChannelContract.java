package io.kafila.libp2p.internal.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.libp2p.ConnectionException;
import io.kafila.libp2p.internal.security.HandshakeException.Kind;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.PrivateKey;
import io.kafila.testkit.Seed;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every secure channel owes, on real pipelines with autoRead off, whose bytes arrive in any pieces. */
public abstract class SecureChannelContract {
    protected static final String YAMUX = "/yamux/1.0.0";
    protected static final Duration TIMEOUT = Duration.ofSeconds(10);

    protected final SecureRandom random = new SecureRandom();
    protected final PrivateKey alice = PrivateKey.generate(KeyType.ED25519, random);
    protected final PrivateKey bob = PrivateKey.generate(KeyType.ED25519, random);
    private final LeakWatch leaks = new LeakWatch();
    // Two loops, for a local channel calls its peer recursively where both share one.
    private final EventLoopGroup dialing = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
    private final EventLoopGroup listening = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());

    /** Both ends of a connection. */
    protected record Pair(Endpoint initiator, Endpoint responder) {}

    protected abstract SecureChannelUpgrader initiating(PrivateKey identity, Duration timeout);

    protected abstract SecureChannelUpgrader responding(PrivateKey identity, Duration timeout);

    /** Checks what must hold once all channels are closed. */
    protected void checkAfterwards() {}

    @AfterEach
    void stop() throws InterruptedException {
        // One after the other: the end of a channel must still find the loop of the other end.
        dialing.shutdownGracefully(0, 5, TimeUnit.SECONDS).await();
        listening.shutdownGracefully(0, 5, TimeUnit.SECONDS).await();
        checkAfterwards();
        leaks.close();
    }

    private Channel listen(ChannelInitializer<LocalChannel> accepted) throws InterruptedException {
        return new ServerBootstrap()
                .group(listening)
                .channel(LocalServerChannel.class)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(accepted)
                .bind(LocalAddress.ANY)
                .sync()
                .channel();
    }

    private Channel dial(Channel server) throws InterruptedException {
        return new Bootstrap()
                .group(dialing)
                .channel(LocalChannel.class)
                .option(ChannelOption.AUTO_READ, false)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(server.localAddress())
                .sync()
                .channel();
    }

    private static <T> T await(CompletableFuture<T> future) {
        return future.orTimeout(20, TimeUnit.SECONDS).join();
    }

    protected final Pair connect(
            PrivateKey initiator, PrivateKey responder, @Nullable PeerId expected, Runnable whenInitiatorSecured)
            throws InterruptedException {
        CompletableFuture<Endpoint> accepted = new CompletableFuture<>();
        SecureChannelUpgrader server = responding(responder, TIMEOUT);
        SecureChannelUpgrader client = initiating(initiator, TIMEOUT);
        Channel listener = listen(new ChannelInitializer<>() {
            @Override
            protected void initChannel(LocalChannel channel) {
                accepted.complete(
                        Endpoint.upgrade(channel, server, Role.RESPONDER, null, List.of("/other", YAMUX), () -> {}));
                channel.pipeline().addFirst("chopper", new Endpoint.Chopper(new Random(1)));
            }
        });
        Channel channel = dial(listener);
        CompletableFuture<Endpoint> dialed = new CompletableFuture<>();
        channel.eventLoop().execute(() -> {
            dialed.complete(
                    Endpoint.upgrade(channel, client, Role.INITIATOR, expected, List.of(YAMUX), whenInitiatorSecured));
            channel.pipeline().addFirst("chopper", new Endpoint.Chopper(new Random(2)));
        });
        return new Pair(await(dialed), await(accepted));
    }

    private static void send(Endpoint from, byte[] bytes) {
        from.channel().writeAndFlush(Unpooled.copiedBuffer(bytes));
    }

    private static HandshakeException failure(Endpoint endpoint) {
        try {
            await(endpoint.session);
            throw new AssertionError("handshake succeeded");
        } catch (CompletionException e) {
            assertThat(e.getCause()).isInstanceOf(HandshakeException.class);
            await(endpoint.closed);
            return (HandshakeException) e.getCause();
        }
    }

    @Test
    void upgrade_honestPeers_learnEachOtherAndTheMuxer() throws InterruptedException {
        Pair pair = connect(alice, bob, bob.peerId(), () -> {});

        SecuredSession atInitiator = await(pair.initiator.session);
        SecuredSession atResponder = await(pair.responder.session);

        assertThat(atInitiator.peer()).isEqualTo(bob.peerId());
        assertThat(atInitiator.key()).isEqualTo(bob.publicKey());
        assertThat(atResponder.peer()).isEqualTo(alice.peerId());
        assertThat(atInitiator.muxer()).isEqualTo(YAMUX);
        assertThat(atResponder.muxer()).isEqualTo(YAMUX);
        assertThat(atInitiator.protocolId())
                .isEqualTo(initiating(alice, TIMEOUT).protocolId());
    }

    @Test
    void upgrade_anyKeyType_works() throws InterruptedException {
        for (KeyType type : KeyType.values()) {
            PrivateKey key = PrivateKey.generate(type, random);
            Pair pair = connect(key, bob, bob.peerId(), () -> {});
            assertThat(await(pair.responder.session).key()).isEqualTo(key.publicKey());
            Pair reverse = connect(bob, key, key.peerId(), () -> {});
            assertThat(await(reverse.initiator.session).key()).isEqualTo(key.publicKey());
        }
    }

    @Test
    void write_bothWays_arrivesWholeAndInOrder() throws InterruptedException {
        Pair pair = connect(alice, bob, bob.peerId(), () -> {});
        await(pair.initiator.session);
        await(pair.responder.session);
        byte[] there = new Seed(1).bytes(3_000_000);
        byte[] back = new Seed(2).bytes(1_000_001);

        Channel channel = pair.initiator.channel();
        channel.eventLoop().execute(() -> {
            int at = 0;
            Random sizes = new Seed(3).random();
            while (at < there.length) {
                int length = Math.min(there.length - at, sizes.nextInt(sizes.nextBoolean() ? 13 : 300_000));
                channel.write(channel.alloc().directBuffer(length + 1).writeBytes(there, at, length));
                at += length;
                if (sizes.nextInt(3) == 0) {
                    channel.flush();
                }
            }
            channel.flush();
        });
        send(pair.responder, back);

        assertThat(await(pair.responder.receive(there.length))).isEqualTo(there);
        assertThat(await(pair.initiator.receive(back.length))).isEqualTo(back);
    }

    @Test
    void write_inTheListenerOfTheResult_isNotLost() throws InterruptedException {
        CompletableFuture<Channel> channel = new CompletableFuture<>();
        byte[] early = new Seed(4).bytes(70_000);
        Pair pair = connect(
                alice, bob, bob.peerId(), () -> channel.thenAccept(c -> c.writeAndFlush(Unpooled.copiedBuffer(early))));
        channel.complete(pair.initiator.channel());

        assertThat(await(pair.responder.receive(early.length))).isEqualTo(early);
    }

    @Test
    void write_promise_completesOnceFlushed() throws Exception {
        Pair pair = connect(alice, bob, bob.peerId(), () -> {});
        await(pair.initiator.session);
        await(pair.responder.session);

        var first = pair.initiator.channel().write(Unpooled.copiedBuffer(new byte[10]));
        var second = pair.initiator.channel().writeAndFlush(Unpooled.copiedBuffer(new byte[10]));

        second.sync();
        assertThat(first.isSuccess()).isTrue();
        assertThat(await(pair.responder.receive(20))).hasSize(20);
    }

    @Test
    void write_neverFlushed_isDoneOnClose() throws Exception {
        Pair pair = connect(alice, bob, bob.peerId(), () -> {});
        await(pair.initiator.session);
        await(pair.responder.session);
        var lost = pair.responder.channel().write(Unpooled.copiedBuffer(new byte[10]));

        pair.initiator.channel().close();

        await(pair.responder.closed);
        // A TLS engine may flush by itself when it answers the end, so it may have left; it must not be forgotten.
        assertThat(lost.await(10_000)).isTrue();
    }

    @Test
    void read_paused_nothingArrivesUntilAsked() throws Exception {
        Pair pair = connect(alice, bob, bob.peerId(), () -> {});
        pair.responder.pause();
        await(pair.initiator.session);
        await(pair.responder.session);
        byte[] bytes = new Seed(5).bytes(2_000_000);
        for (int at = 0; at < bytes.length; at += 20_000) {
            pair.initiator
                    .channel()
                    .writeAndFlush(Unpooled.copiedBuffer(bytes, at, 20_000))
                    .sync();
        }
        pair.responder.channel().eventLoop().submit(() -> {}).get();
        assertThat(pair.responder.receivedBytes()).isLessThan(bytes.length / 2);

        pair.responder.resume();

        assertThat(await(pair.responder.receive(bytes.length))).isEqualTo(bytes);
    }

    @Test
    void upgrade_anotherPeerAnswers_bothFail() throws InterruptedException {
        PeerId wanted = PrivateKey.generate(KeyType.ED25519, random).peerId();
        Pair pair = connect(alice, bob, wanted, () -> {});

        HandshakeException atInitiator = failure(pair.initiator);
        assertThat(atInitiator.kind()).isEqualTo(Kind.WRONG_PEER);
        assertThat(atInitiator).hasMessageContaining(bob.peerId() + ", want " + wanted);
        failure(pair.responder);
    }

    @Test
    void read_tamperedBytes_closesWithAnError() throws InterruptedException {
        Pair pair = connect(alice, bob, bob.peerId(), () -> {});
        await(pair.initiator.session);
        await(pair.responder.session);
        send(pair.initiator, new byte[100]);
        await(pair.responder.receive(100));

        ((Endpoint.Chopper) pair.responder.channel().pipeline().get("chopper")).tamper = true;
        send(pair.initiator, new byte[3000]);

        await(pair.responder.closed);
        assertThat(await(pair.responder.error)).isInstanceOf(ConnectionException.class);
        assertThat(pair.responder.receivedBytes()).isLessThan(3100);
    }

    private Endpoint against(Role role, ChannelInboundHandlerAdapter stranger, Duration timeout)
            throws InterruptedException {
        SecureChannelUpgrader upgrader =
                role == Role.INITIATOR ? initiating(alice, timeout) : responding(alice, timeout);
        CompletableFuture<Endpoint> endpoint = new CompletableFuture<>();
        Channel listener = listen(new ChannelInitializer<>() {
            @Override
            protected void initChannel(LocalChannel channel) {
                channel.config().setAutoRead(true);
                channel.pipeline().addLast(stranger);
            }
        });
        Channel channel = dial(listener);
        channel.eventLoop()
                .execute(() -> endpoint.complete(Endpoint.upgrade(
                        channel,
                        upgrader,
                        role,
                        role == Role.INITIATOR ? bob.peerId() : null,
                        List.of(YAMUX),
                        () -> {})));
        return await(endpoint);
    }

    /** Reads and drops whatever comes. */
    private static class Mute extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ((ByteBuf) message).release();
        }
    }

    @Test
    void upgrade_silentPeer_timesOut() throws InterruptedException {
        for (Role role : Role.values()) {
            HandshakeException failure = failure(against(role, new Mute(), Duration.ofMillis(60)));
            assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
            assertThat(failure).hasMessageContaining("60 ms");
        }
    }

    @Test
    void upgrade_peerHangsUp_fails() throws InterruptedException {
        for (Role role : Role.values()) {
            HandshakeException failure = failure(against(
                    role,
                    new Mute() {
                        @Override
                        public void channelActive(ChannelHandlerContext ctx) {
                            ctx.close();
                        }
                    },
                    TIMEOUT));
            assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(Kind.CLOSED);
        }
    }

    @Test
    void upgrade_hostileBytes_fails() throws InterruptedException {
        for (int seed = 0; seed < 16; seed++) {
            byte[] noise = new Seed(seed).bytes(1 + seed * 37);
            if (seed % 2 == 0) {
                noise[0] = 0;
            }
            if (seed % 3 == 0) {
                noise[0] = 22;
            }
            HandshakeException failure = failure(against(
                    seed % 4 < 2 ? Role.INITIATOR : Role.RESPONDER,
                    new Mute() {
                        @Override
                        public void channelActive(ChannelHandlerContext ctx) {
                            ctx.writeAndFlush(Unpooled.copiedBuffer(noise)).addListener(done -> ctx.close());
                        }
                    },
                    TIMEOUT));
            assertThat(failure.kind()).isIn(Kind.MALFORMED, Kind.TOO_LARGE, Kind.CLOSED);
        }
    }

    @Test
    void session_keyOfAnotherPeer_refused() {
        assertThatThrownBy(() -> new SecuredSession(alice.peerId(), bob.publicKey(), "/noise", null))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
