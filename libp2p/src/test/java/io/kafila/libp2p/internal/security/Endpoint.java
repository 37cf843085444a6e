package io.kafila.libp2p.internal.security;

import io.kafila.multiformats.PeerId;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One side of a channel under test, with autoRead off; its sink is put in place only when the handshake is over. */
final class Endpoint {
    final CompletableFuture<SecuredSession> session = new CompletableFuture<>();
    final CompletableFuture<Throwable> error = new CompletableFuture<>();
    final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final Channel channel;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private volatile boolean paused;
    private int wanted;
    private CompletableFuture<byte[]> complete = new CompletableFuture<>();

    private Endpoint(Channel channel) {
        this.channel = channel;
        channel.closeFuture().addListener(future -> closed.complete(null));
    }

    /** Upgrades {@code channel}, in its event loop; {@code whenSecured} runs among the listeners of the result. */
    static Endpoint upgrade(
            Channel channel,
            SecureChannelUpgrader upgrader,
            Role role,
            @Nullable PeerId expected,
            List<String> muxers,
            Runnable whenSecured) {
        Endpoint endpoint = new Endpoint(channel);
        upgrader.upgrade(channel.pipeline(), role, expected, muxers).addListener(future -> {
            if (future.isSuccess()) {
                channel.pipeline().addLast(endpoint.new Sink());
                whenSecured.run();
                endpoint.session.complete((SecuredSession) future.getNow());
                if (!endpoint.paused) {
                    channel.read();
                }
            } else {
                endpoint.session.completeExceptionally(future.cause());
            }
        });
        return endpoint;
    }

    Channel channel() {
        return channel;
    }

    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        channel.read();
    }

    synchronized int receivedBytes() {
        return received.size();
    }

    /** All bytes from the start, once there are {@code count} of them. */
    synchronized CompletableFuture<byte[]> receive(int count) {
        wanted = count;
        complete = new CompletableFuture<>();
        check();
        return complete;
    }

    private synchronized void check() {
        if (received.size() >= wanted) {
            complete.complete(received.toByteArray());
        }
    }

    /** Cuts what the channel reads into small pieces, and can flip a bit at its end. */
    static final class Chopper extends ChannelInboundHandlerAdapter {
        private final Random random;
        private final Deque<ByteBuf> waiting = new ArrayDeque<>();
        private boolean busy;
        volatile boolean tamper;

        Chopper(Random random) {
            this.random = random;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            waiting.add((ByteBuf) message);
            if (busy) {
                return; // a local channel reads within the call of read
            }
            busy = true;
            for (ByteBuf in = waiting.poll(); in != null; in = waiting.poll()) {
                chop(ctx, in);
            }
            busy = false;
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            if (!busy) {
                ctx.fireChannelReadComplete();
            }
        }

        private void chop(ChannelHandlerContext ctx, ByteBuf in) {
            if (tamper && in.isReadable()) {
                in.setByte(in.writerIndex() - 1, in.getByte(in.writerIndex() - 1) ^ 4);
            }
            while (in.isReadable()) {
                int length = Math.min(in.readableBytes(), 1 + random.nextInt(random.nextBoolean() ? 40 : 100_000));
                ctx.fireChannelRead(ctx.alloc().directBuffer(length).writeBytes(in, length));
            }
            in.release();
        }
    }

    private final class Sink extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            byte[] bytes = new byte[in.readableBytes()];
            in.readBytes(bytes).release();
            synchronized (Endpoint.this) {
                received.writeBytes(bytes);
                check();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            if (!paused) {
                ctx.read();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            error.complete(cause);
        }
    }
}
