package io.kafila.libp2p.internal.security.tls;

import io.kafila.libp2p.ConnectionException;
import io.kafila.libp2p.internal.security.HandshakeException;
import io.kafila.libp2p.internal.security.HandshakeException.Kind;
import io.kafila.libp2p.internal.security.SecuredSession;
import io.kafila.libp2p.internal.security.tls.PendingHandshakes.Handshake;
import io.kafila.multiformats.PublicKey;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Promise;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Stands behind the handler of the records: settles the result of the handshake, keeps plaintext back until the layers above are in
 * place, and turns TLS errors into this module's.
 */
final class TlsGuard extends ChannelInboundHandlerAdapter {
    private final TlsEngines engines;
    private final SslHandler tls;
    private final Handshake handshake;
    private final PendingHandshakes handshakes;
    private final Promise<SecuredSession> result;
    private final String protocolId;
    private @Nullable Deque<Object> held = new ArrayDeque<>();
    private boolean settled;

    TlsGuard(
            TlsEngines engines,
            SslHandler tls,
            Handshake handshake,
            PendingHandshakes handshakes,
            Promise<SecuredSession> result,
            String protocolId) {
        this.engines = engines;
        this.tls = tls;
        this.handshake = handshake;
        this.handshakes = handshakes;
        this.result = result;
        this.protocolId = protocolId;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent completion) {
            if (completion.isSuccess()) {
                succeed(ctx);
            } else {
                fail(ctx, completion.cause());
            }
        } else if (event instanceof SslCloseCompletionEvent) {
            ctx.close();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (held != null) {
            held.add(message);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (held == null) {
            ctx.fireChannelReadComplete();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(ctx, new ClosedChannelException());
        drop();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        fail(ctx, new ClosedChannelException());
        drop();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!result.isSuccess()) {
            fail(ctx, cause);
            return;
        }
        Throwable origin = origin(cause);
        if (origin instanceof SSLException) {
            ctx.fireExceptionCaught(new ConnectionException("tls: " + origin.getMessage(), origin));
            ctx.close();
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }

    private void succeed(ChannelHandlerContext ctx) {
        if (settled) {
            return;
        }
        PublicKey key = handshake.verified();
        String chosen = chosenProtocol(tls);
        if (key == null) {
            fail(ctx, new HandshakeException(Kind.BAD_IDENTITY, "tls: the peer presented no certificate"));
        } else if (chosen == null) {
            fail(
                    ctx,
                    new HandshakeException(
                            Kind.NO_COMMON_PROTOCOL, "tls: the peer offers no application protocol of libp2p"));
        } else {
            settled = true;
            handshakes.remove(tls.engine());
            String muxer = chosen.equals(TlsUpgrader.ALPN) ? null : chosen;
            result.trySuccess(new SecuredSession(key.peerId(), key, protocolId, muxer));
            // Listeners of the result run before this task, even those that were put off.
            ctx.executor().execute(() -> release(ctx));
        }
    }

    private static @Nullable String chosenProtocol(SslHandler tls) {
        String chosen = tls.applicationProtocol();
        if (chosen == null) {
            SSLEngine engine = tls.engine();
            chosen = engine.getApplicationProtocol();
        }
        return chosen == null || chosen.isEmpty() ? null : chosen;
    }

    private void release(ChannelHandlerContext ctx) {
        Deque<Object> kept = held;
        if (kept == null || ctx.isRemoved()) {
            return;
        }
        try {
            engines.onEstablished(ctx, tls);
        } catch (SSLException | RuntimeException e) {
            exceptionCaught(ctx, e);
            ctx.close();
            return;
        }
        boolean any = !kept.isEmpty();
        // What arrives meanwhile, because the layers above read on, queues up behind.
        for (Object message = kept.poll(); message != null; message = kept.poll()) {
            ctx.fireChannelRead(message);
        }
        held = null;
        if (any) {
            ctx.fireChannelReadComplete();
        }
    }

    private void drop() {
        Deque<Object> kept = held;
        if (kept != null) {
            kept.forEach(ReferenceCountUtil::release);
            kept.clear();
        }
    }

    private void fail(ChannelHandlerContext ctx, Throwable cause) {
        if (settled) {
            return;
        }
        settled = true;
        handshakes.remove(tls.engine());
        result.tryFailure(explained(origin(cause), ctx.channel().isActive()));
        ctx.close();
    }

    private HandshakeException explained(Throwable cause, boolean active) {
        HandshakeException refusal = handshake.failure();
        if (refusal != null) {
            return refusal;
        }
        if (cause instanceof HandshakeException known) {
            return known;
        }
        if (cause instanceof SslHandshakeTimeoutException) {
            return new HandshakeException(
                    Kind.TIMEOUT,
                    "tls: no end of the handshake within " + tls.getHandshakeTimeoutMillis() + " ms",
                    cause);
        }
        if (!active || isClosure(cause)) {
            return new HandshakeException(Kind.CLOSED, "tls: channel closed during the handshake", cause);
        }
        return new HandshakeException(Kind.MALFORMED, "tls: handshake failed: " + cause.getMessage(), cause);
    }

    /** Whether a closed channel lies at the root: the engine wraps what a write met. */
    private static boolean isClosure(Throwable cause) {
        for (Throwable next = cause; next != null; next = next.getCause()) {
            if (next instanceof ClosedChannelException) {
                return true;
            }
        }
        return false;
    }

    private static Throwable origin(Throwable cause) {
        return cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
    }
}
