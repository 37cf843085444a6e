package io.kafila.libp2p.internal.security.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * Seals what is written and opens what is read, in the place of Netty's SslHandler once that has shaken hands. What is
 * written is sealed at once, so nothing waits here. Confined to the channel's event loop.
 */
final class RecordHandler extends ChannelDuplexHandler {
    /** A peer that reads nothing is not told of the end, as with SslHandler. */
    private static final long CLOSE_NOTIFY_SECONDS = 3;

    private final RecordLayer records;
    private boolean delivered;
    private boolean peerEnded;
    private boolean broken;
    private boolean closing;

    private RecordHandler(RecordLayer records) {
        this.records = records;
    }

    /**
     * Takes the place of {@code tls}, whose handshake has succeeded, unless the peer has ended already; what {@code tls} has
     * read and not opened yet passes through the new handler. Only as a task of the event loop of its own, for {@code tls} must
     * be on no stack.
     *
     * @param above of a handler above {@code tls}
     * @throws SSLException if the handshake has not come to rest
     */
    static void replace(ChannelHandlerContext above, SslHandler tls) throws SSLException {
        above.flush();
        ReferenceCountedOpenSslEngine engine = (ReferenceCountedOpenSslEngine) tls.engine();
        if (engine.isInboundDone() || engine.isOutboundDone()) {
            return;
        }
        HandshakeStatus status = engine.getHandshakeStatus();
        if (status != HandshakeStatus.NOT_HANDSHAKING) {
            throw new SSLException("handshake is over but wants to go on: " + status);
        }
        above.pipeline().replace(tls, null, new RecordHandler(new RecordLayer(engine)));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf sealed)) {
            ctx.fireChannelRead(message);
            return;
        }
        List<ByteBuf> plain = new ArrayList<>(2);
        boolean goesOn = true;
        Throwable failure = null;
        try {
            goesOn = broken || peerEnded || records.open(sealed, ctx.alloc(), plain);
        } catch (SSLException | RuntimeException | Error e) {
            broken = true;
            failure = e;
        } finally {
            sealed.release();
        }
        // Only now: the layers above write, and close, and BoringSSL does one thing at a time.
        plain.forEach(piece -> deliver(ctx, piece));
        if (failure != null) {
            fail(ctx, "read", failure);
        } else if (!goesOn) {
            peerEnded = true;
            ctx.fireUserEventTriggered(SslCloseCompletionEvent.SUCCESS);
        }
    }

    private void deliver(ChannelHandlerContext ctx, ByteBuf plain) {
        if (ctx.isRemoved()) {
            plain.release();
            return;
        }
        delivered = true;
        ctx.fireChannelRead(plain);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        sayAside(ctx);
        boolean gaveNothing = !delivered;
        delivered = false;
        if (gaveNothing && !broken && !peerEnded && !ctx.channel().config().isAutoRead()) {
            ctx.read();
        }
        ctx.fireChannelReadComplete();
    }

    /** The end of the handler that was replaced is not the end of the connection. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof SslCloseCompletionEvent)) {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (!(message instanceof ByteBuf plain)) {
            ReferenceCountUtil.release(message);
            promise.setFailure(new IllegalArgumentException(
                    "tls: write of " + message.getClass().getName() + ", want a ByteBuf"));
            return;
        }
        if (broken || closing) {
            plain.release();
            promise.tryFailure(new ClosedChannelException());
            return;
        }
        ByteBuf sealed;
        try {
            sealed = records.seal(plain, ctx.alloc());
        } catch (SSLException | RuntimeException | Error e) {
            // The peer would miss what was not sealed, and not notice.
            broken = true;
            promise.tryFailure(e);
            fail(ctx, "write", e);
            return;
        } finally {
            plain.release();
        }
        ctx.write(sealed, promise);
    }

    /** Nothing more is sent or read, since a record may be missing. */
    private void fail(ChannelHandlerContext ctx, String what, Throwable cause) {
        try {
            sayAside(ctx);
        } finally {
            ctx.fireExceptionCaught(
                    cause instanceof SSLException ? cause : new SSLException(what + " failed: " + cause, cause));
        }
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        ctx.channel().closeFuture().addListener(closed -> promise.trySuccess());
        if (closing) {
            return;
        }
        closing = true;
        if (broken || !ctx.channel().isActive()) {
            ctx.close();
            return;
        }
        try {
            Future<?> timer = ctx.executor().schedule(() -> ctx.close(), CLOSE_NOTIFY_SECONDS, TimeUnit.SECONDS);
            ctx.writeAndFlush(records.closeNotify(ctx.alloc())).addListener(done -> {
                timer.cancel(false);
                ctx.close();
            });
        } catch (RuntimeException | Error e) {
            ctx.close();
            throw e;
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        broken = true;
        records.close();
    }

    private void sayAside(ChannelHandlerContext ctx) {
        if (records.hasAside()) {
            ctx.writeAndFlush(records.aside(ctx.alloc()));
        }
    }
}
