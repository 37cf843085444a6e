package io.kafila.libp2p.internal.security.noise;

import io.kafila.libp2p.internal.security.HandshakeException;
import io.kafila.libp2p.internal.security.HandshakeException.Kind;
import io.kafila.libp2p.internal.security.SecuredSession;
import io.kafila.libp2p.internal.security.aead.AeadSuite;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Drives a {@link NoiseHandshake} on a channel, then gives its place to a {@link NoiseFrameHandler}. */
final class NoiseHandshakeHandler extends ChannelInboundHandlerAdapter {
    private final NoiseHandshake handshake;
    private final AeadSuite suite;
    private final Promise<SecuredSession> result;
    private final long timeoutMs;
    private final byte[] lengthBytes = new byte[NoiseFrames.LENGTH_BYTES];
    private int lengthFilled;
    private byte @Nullable [] message;
    private int messageFilled;
    private @Nullable Future<?> timeout;
    private boolean settled;

    NoiseHandshakeHandler(NoiseHandshake handshake, AeadSuite suite, Promise<SecuredSession> result, long timeoutMs) {
        this.handshake = handshake;
        this.suite = suite;
        this.result = result;
        this.timeoutMs = timeoutMs;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (!ctx.channel().isActive()) {
            fail(ctx, new HandshakeException(Kind.CLOSED, "noise: channel is closed already"));
            return;
        }
        timeout = ctx.executor()
                .schedule(
                        () -> fail(
                                ctx,
                                new HandshakeException(
                                        Kind.TIMEOUT, "noise: no end of the handshake within " + timeoutMs + " ms")),
                        timeoutMs,
                        TimeUnit.MILLISECONDS);
        byte[] first = handshake.start();
        if (first != null) {
            send(ctx, first);
        }
        readMore(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object object) {
        if (!(object instanceof ByteBuf in)) {
            ctx.fireChannelRead(object);
            return;
        }
        boolean kept = false;
        try {
            byte[] next = settled ? null : nextMessage(in);
            while (next != null) {
                byte[] answer = handshake.receive(next);
                if (answer != null) {
                    send(ctx, answer);
                }
                if (handshake.isComplete()) {
                    NoiseFrameHandler frames = frames();
                    kept = true;
                    succeed(ctx, frames, in);
                    return;
                }
                next = nextMessage(in);
            }
        } catch (HandshakeException e) {
            fail(ctx, e);
        } finally {
            if (!kept) {
                in.release();
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        readMore(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(ctx, new HandshakeException(Kind.CLOSED, "noise: channel closed during the handshake"));
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(ctx, new HandshakeException(Kind.CLOSED, "noise: handshake broke off: " + cause.getMessage(), cause));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        fail(ctx, new HandshakeException(Kind.CLOSED, "noise: handler removed during the handshake"));
    }

    /** The next whole message; takes nothing of {@code in} beyond its end. */
    private byte @Nullable [] nextMessage(ByteBuf in) {
        byte[] body = message;
        if (body == null) {
            while (lengthFilled < lengthBytes.length && in.isReadable()) {
                lengthBytes[lengthFilled++] = in.readByte();
            }
            if (lengthFilled < lengthBytes.length) {
                return null;
            }
            int length = (lengthBytes[0] & 0xff) << 8 | (lengthBytes[1] & 0xff);
            if (length > NoiseHandshake.MAX_MESSAGE_BYTES) {
                throw new HandshakeException(
                        Kind.TOO_LARGE,
                        "noise: handshake message of " + length + " bytes, want at most "
                                + NoiseHandshake.MAX_MESSAGE_BYTES);
            }
            body = new byte[length];
            message = body;
        }
        int step = Math.min(in.readableBytes(), body.length - messageFilled);
        in.readBytes(body, messageFilled, step);
        messageFilled += step;
        if (messageFilled < body.length) {
            return null;
        }
        message = null;
        messageFilled = 0;
        lengthFilled = 0;
        return body;
    }

    private static void send(ChannelHandlerContext ctx, byte[] body) {
        ByteBuf frame = ctx.alloc().buffer(NoiseFrames.LENGTH_BYTES + body.length);
        frame.writeShort(body.length).writeBytes(body);
        ctx.writeAndFlush(frame);
    }

    private void readMore(ChannelHandlerContext ctx) {
        if (!settled && !ctx.channel().config().isAutoRead()) {
            ctx.read();
        }
    }

    private NoiseFrameHandler frames() {
        byte[][] keys = handshake.transportKeys();
        return new NoiseFrameHandler(new FrameSealer(suite.sealer(keys[0])), new FrameOpener(suite.opener(keys[1])));
    }

    /** Takes {@code rest}: what arrived behind the last message of the handshake. */
    private void succeed(ChannelHandlerContext ctx, NoiseFrameHandler frames, ByteBuf rest) {
        cancelTimeout();
        SecuredSession session = handshake.session();
        // The result is settled only after the frame handler is in place, for listeners may write at once.
        settled = true;
        ctx.pipeline().replace(this, null, frames);
        ChannelHandlerContext next = ctx.pipeline().context(frames);
        if (rest.isReadable()) {
            frames.channelRead(next, rest);
        } else {
            rest.release();
        }
        result.trySuccess(session);
        // Listeners of the result run before this task, even those that were put off.
        next.executor().execute(() -> frames.release(next));
    }

    private void fail(ChannelHandlerContext ctx, HandshakeException reason) {
        if (settled) {
            return;
        }
        settled = true;
        cancelTimeout();
        result.tryFailure(reason);
        ctx.close();
    }

    private void cancelTimeout() {
        Future<?> running = timeout;
        timeout = null;
        if (running != null) {
            running.cancel(false);
        }
    }
}
