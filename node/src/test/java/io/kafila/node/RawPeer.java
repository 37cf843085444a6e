package io.kafila.node;

import io.kafila.libp2p.HostBuilder;
import io.kafila.libp2p.internal.multistream.MultistreamNegotiation;
import io.kafila.libp2p.internal.security.Role;
import io.kafila.libp2p.internal.security.SecureChannelUpgrader;
import io.kafila.libp2p.internal.security.SecuredSession;
import io.kafila.libp2p.internal.security.aead.AeadSuite;
import io.kafila.libp2p.internal.security.noise.NoiseUpgrader;
import io.kafila.libp2p.internal.security.tls.TlsUpgrader;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.PrivateKey;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A stranger that shakes hands in order and then writes what it likes where yamux should be. */
final class RawPeer implements AutoCloseable {
    static final int DATA = 0;
    static final int WINDOW_UPDATE = 1;
    static final int PING = 2;
    static final int SYN = 1;
    static final int FIN = 4;
    static final int RST = 8;

    private final Channel channel;
    private final AtomicLong received = new AtomicLong();

    private RawPeer(Channel channel) {
        this.channel = channel;
    }

    /** A connection secured by {@link HostBuilder#TLS} or {@link HostBuilder#NOISE}, with the muxer agreed on. */
    static RawPeer connect(EventLoopGroup group, InetSocketAddress address, String security) throws Exception {
        PrivateKey key = PrivateKey.generate(KeyType.ED25519, new SecureRandom());
        Duration timeout = Duration.ofSeconds(10);
        SecureChannelUpgrader upgrader = security.equals(HostBuilder.TLS)
                ? new TlsUpgrader(key, new SecureRandom(), Clock.systemUTC(), timeout)
                : new NoiseUpgrader(key, AeadSuite::fastest, new SecureRandom(), timeout);
        CompletableFuture<RawPeer> ready = new CompletableFuture<>();
        new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new Opening(upgrader, ready))
                .connect(address)
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        ready.completeExceptionally(done.cause());
                    }
                });
        return ready.get(10, TimeUnit.SECONDS);
    }

    /** Negotiates the secure channel, upgrades, then leaves the pipeline to the raw peer. */
    private static final class Opening extends ChannelInboundHandlerAdapter {
        private final SecureChannelUpgrader upgrader;
        private final CompletableFuture<RawPeer> ready;
        private final MultistreamNegotiation negotiation;

        Opening(SecureChannelUpgrader upgrader, CompletableFuture<RawPeer> ready) {
            this.upgrader = upgrader;
            this.ready = ready;
            this.negotiation = MultistreamNegotiation.initiator(List.of(upgrader.protocolId()));
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(negotiation.takeOutput(ctx.alloc()));
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            negotiation.receive(in);
            in.release();
            if (negotiation.isDone()) {
                ctx.pipeline().remove(this);
                upgrader.upgrade(ctx.pipeline(), Role.INITIATOR, null, List.of("/yamux/1.0.0"))
                        .addListener((io.netty.util.concurrent.Future<SecuredSession> done) -> {
                            if (!done.isSuccess()) {
                                ready.completeExceptionally(done.cause());
                            } else if (done.getNow().muxer() == null) {
                                ready.completeExceptionally(new AssertionError("no early muxer"));
                            } else {
                                RawPeer peer = new RawPeer(ctx.channel());
                                ctx.pipeline().addLast(peer.new Sink());
                                ready.complete(peer);
                            }
                        });
            }
        }
    }

    private final class Sink extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            received.addAndGet(((ByteBuf) message).readableBytes());
            ((ByteBuf) message).release();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    long received() {
        return received.get();
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** Lets what the node sends pile up, first in the kernel's buffers, then at the node. */
    RawPeer stopReading() {
        channel.config().setAutoRead(false);
        return this;
    }

    RawPeer readAgain() {
        channel.config().setAutoRead(true);
        return this;
    }

    void send(byte[]... parts) {
        channel.writeAndFlush(Unpooled.wrappedBuffer(parts));
    }

    /** Sends and waits until the bytes have left, or answers false: the node takes no more, or has closed. */
    boolean sendAll(byte[] bytes, long timeoutMs) throws InterruptedException {
        return channel.writeAndFlush(Unpooled.wrappedBuffer(bytes)).await(timeoutMs, TimeUnit.MILLISECONDS)
                && channel.isOpen();
    }

    boolean awaitClosed() throws InterruptedException {
        return channel.closeFuture().await(10, TimeUnit.SECONDS);
    }

    /** A yamux frame header. */
    static byte[] frame(int type, int flags, int stream, int length) {
        return ByteBuffer.allocate(12)
                .put((byte) 0)
                .put((byte) type)
                .putShort((short) flags)
                .putInt(stream)
                .putInt(length)
                .array();
    }

    static byte[] data(int flags, int stream, byte[] body) {
        return concat(frame(DATA, flags, stream, body.length), body);
    }

    /** The multistream header and one proposal. */
    static byte[] proposal(String protocol) {
        return concat(token("/multistream/1.0.0"), token(protocol));
    }

    static byte[] token(String text) {
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        return concat(new byte[] {(byte) bytes.length}, bytes);
    }

    static byte[] concat(byte[]... parts) {
        int size = 0;
        for (byte[] part : parts) {
            size += part.length;
        }
        ByteBuffer all = ByteBuffer.allocate(size);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
    }
}
