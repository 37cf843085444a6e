package io.kafila.daemon.internal.rpc;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the HTTP decoder and ends connections that take too long over the head of a request, with 408, or that are
 * not used, without a word. While a request is served it does nothing. Confined to the channel's event loop.
 */
public final class HeadDeadline extends ChannelInboundHandlerAdapter {
    /** How long a connection that ends may take to read why. */
    private static final long LINGER_MS = 1_000;

    private final RpcLimits limits;
    private final RpcCounters counters;
    private volatile @Nullable ChannelHandlerContext context;
    private @Nullable Future<?> timer;
    private State state = State.IDLE;

    private enum State {
        /** No byte of a request has come. */
        IDLE,
        HEAD,
        SERVED,
        /** What comes is dropped until the connection ends. */
        REFUSED
    }

    public HeadDeadline(RpcLimits limits, RpcCounters counters) {
        this.limits = limits;
        this.counters = counters;
    }

    /** The one in front of a connection. */
    public static HeadDeadline of(HttpConnection connection) {
        return channel(connection).pipeline().get(HeadDeadline.class);
    }

    /** Vert.x shows the channel to those who ask its implementation; its options know no deadline for a head. */
    public static Channel channel(HttpConnection connection) {
        return ((ConnectionBase) connection).channel();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        arm(limits.headDeadline());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (state == State.REFUSED) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (state == State.IDLE) {
            state = State.HEAD;
            arm(limits.headDeadline());
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        disarm();
        ctx.fireChannelInactive();
    }

    /** The head of a request is complete. */
    public void served() {
        if (state != State.REFUSED) {
            state = State.SERVED;
            disarm();
        }
    }

    /** The answer to a request has ended, though perhaps not left. */
    public void answered() {
        if (state == State.SERVED) {
            state = State.IDLE;
            arm(limits.idleDeadline());
        }
    }

    /** Closes the connection at once, what it has not sent included; Vert.x's close waits for that. From any thread. */
    public void breakOff() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.executor().execute(ctx::close);
        }
    }

    /** Closes the connection soon: the client has that long to take the answer. From any thread. */
    public void breakOffSoon() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.executor().schedule(() -> ctx.close(), LINGER_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** Answers a connection that has sent no request, or a part of one, and ends it. */
    public void refuse(int status, String reason, String message) {
        ChannelHandlerContext ctx = context;
        if (ctx == null || state == State.REFUSED) {
            return;
        }
        state = State.REFUSED;
        disarm();
        String body = message + "\n";
        String answer = "HTTP/1.1 " + status + " " + reason + "\r\nContent-Type: text/plain; charset=utf-8\r\n"
                + (status == 503 ? "Retry-After: 1\r\n" : "") + "Connection: close\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
        // A close while bytes of the client are unread would take the answer back, so the client closes first.
        ctx.writeAndFlush(ByteBufUtil.writeUtf8(ctx.alloc(), answer))
                .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        breakOffSoon();
    }

    private void arm(Duration deadline) {
        disarm();
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            timer = ctx.executor().schedule(() -> late(ctx), deadline.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void disarm() {
        Future<?> armed = timer;
        if (armed != null) {
            armed.cancel(false);
            timer = null;
        }
    }

    private void late(ChannelHandlerContext ctx) {
        if (state == State.HEAD) {
            counters.lateHeads.increment();
            refuse(
                    408,
                    "Request Timeout",
                    "request headers: not complete after "
                            + limits.headDeadline().toMillis() + " ms");
        } else if (state == State.IDLE) {
            counters.idleConnections.increment();
            ctx.close();
        }
    }
}
