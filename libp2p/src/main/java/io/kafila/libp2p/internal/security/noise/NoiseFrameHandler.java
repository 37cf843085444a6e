package io.kafila.libp2p.internal.security.noise;

import io.kafila.libp2p.ConnectionException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Seals what is written and opens what is read, once the handshake is over. What is written between two flushes goes out
 * in as few buffers as {@link FrameSealer} makes of it; its promises complete with the last of them.
 *
 * <p>It starts held: what arrives is kept until {@link #release}, so that the layers above can be put in place.
 */
final class NoiseFrameHandler extends ChannelDuplexHandler {
    private record Pending(ByteBuf bytes, ChannelPromise promise) {}

    private final FrameSealer sealer;
    private final FrameOpener opener;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private @Nullable Deque<ByteBuf> held = new ArrayDeque<>();
    private boolean delivered;
    private boolean broken;

    NoiseFrameHandler(FrameSealer sealer, FrameOpener opener) {
        this.sealer = sealer;
        this.opener = opener;
    }

    /** Passes on what was held, and from now on what arrives. */
    void release(ChannelHandlerContext ctx) {
        Deque<ByteBuf> kept = held;
        if (kept == null) {
            return;
        }
        boolean any = !kept.isEmpty();
        // What arrives meanwhile, because the layers above read on, queues up behind.
        for (ByteBuf in = kept.poll(); in != null; in = kept.poll()) {
            open(ctx, in);
        }
        held = null;
        if (any) {
            endOfRead(ctx);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf in)) {
            ctx.fireChannelRead(message);
        } else if (held != null) {
            held.add(in);
        } else {
            open(ctx, in);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (held == null) {
            endOfRead(ctx);
        }
    }

    private void endOfRead(ChannelHandlerContext ctx) {
        boolean gaveNothing = !delivered;
        delivered = false;
        if (gaveNothing && !broken && !ctx.channel().config().isAutoRead()) {
            ctx.read();
        }
        ctx.fireChannelReadComplete();
    }

    private void open(ChannelHandlerContext ctx, ByteBuf in) {
        ByteBuf plain = null;
        try {
            if (!broken) {
                plain = opener.open(in, ctx.alloc());
            }
        } catch (ConnectionException e) {
            broken = true;
            ctx.fireExceptionCaught(e);
            ctx.close();
        } finally {
            in.release();
        }
        if (plain != null) {
            delivered = true;
            ctx.fireChannelRead(plain);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            pending.add(new Pending(bytes, promise));
        } else {
            ReferenceCountUtil.release(message);
            promise.setFailure(new IllegalArgumentException(
                    "noise: write of " + message.getClass().getName() + ", want a ByteBuf"));
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        if (!pending.isEmpty()) {
            sealPending(ctx);
        }
        ctx.flush();
    }

    private void sealPending(ChannelHandlerContext ctx) {
        List<ByteBuf> plain = new ArrayList<>(pending.size());
        List<ChannelPromise> promises = new ArrayList<>(pending.size());
        for (Pending next = pending.poll(); next != null; next = pending.poll()) {
            plain.add(next.bytes);
            promises.add(next.promise);
        }
        List<ByteBuf> sealed = new ArrayList<>(2);
        try {
            sealer.seal(plain, ctx.alloc(), sealed::add);
        } catch (RuntimeException | Error e) {
            sealed.forEach(ByteBuf::release);
            promises.forEach(promise -> promise.tryFailure(e));
            ctx.fireExceptionCaught(e);
            ctx.close();
            return;
        } finally {
            plain.forEach(ByteBuf::release);
        }
        ChannelPromise last = ctx.newPromise();
        last.addListener(future -> {
            for (ChannelPromise promise : promises) {
                if (future.isSuccess()) {
                    promise.trySuccess();
                } else {
                    promise.tryFailure(future.cause());
                }
            }
        });
        if (sealed.isEmpty()) {
            last.setSuccess();
        }
        for (int i = 0; i < sealed.size(); i++) {
            ctx.write(sealed.get(i), i == sealed.size() - 1 ? last : ctx.voidPromise());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        drop(new ConnectionException("noise: channel closed"));
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        drop(new ConnectionException("noise: handler removed"));
    }

    private void drop(ConnectionException reason) {
        opener.release();
        Deque<ByteBuf> kept = held;
        if (kept != null) {
            kept.forEach(ByteBuf::release);
            kept.clear();
        }
        for (Pending next = pending.poll(); next != null; next = pending.poll()) {
            next.bytes.release();
            next.promise.tryFailure(reason);
        }
    }
}
