package io.kafila.libp2p.internal.yamux;

import io.kafila.libp2p.ConnectionException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Ties a {@link YamuxSession} to the end of a Netty pipeline.
 *
 * <p>Frames are pulled while the channel is writable, many to one flush, so what waits lies in the streams' queues, where it
 * is fair, and not in the channel. Confined to the channel's event loop.
 */
public final class YamuxHandler extends ChannelInboundHandlerAdapter {

    /** What the handler tells the connection. */
    public interface Owner {
        @Nullable
        StreamBudget admit(boolean inbound);

        void onStream(YamuxStream stream);

        /** The session is over; called once. */
        void onEnded(Throwable cause);
    }

    private static final int FLUSH_BYTES = 512 * 1024;
    private static final int BYTES_PER_TURN = 4 * 1024 * 1024;

    /** After this many ticks without a byte leaving, the connection is taken for dead. */
    private static final int STALLED_TICKS = 12;

    /** How long streams may go on after the peer said that it goes away. */
    private static final long GO_AWAY_GRACE_SECONDS = 10;

    private static final long LINGER_SECONDS = 1;

    private final boolean initiator;
    private final YamuxOptions options;
    private final LongSupplier nanoClock;
    private final Owner owner;
    private @Nullable ChannelHandlerContext context;
    private volatile @Nullable YamuxSession session;
    private @Nullable Future<?> ticks;
    private boolean reading;
    private boolean flushing;
    private boolean flushScheduled;
    private boolean ended;
    private boolean closing;
    private boolean peerGone;
    private long stalledAtBytes;
    private int stalledTicks;

    public YamuxHandler(boolean initiator, YamuxOptions options, LongSupplier nanoClock, Owner owner) {
        this.initiator = initiator;
        this.options = options;
        this.nanoClock = nanoClock;
        this.owner = owner;
    }

    /** The session; only once the handler is in a pipeline. */
    public YamuxSession session() {
        YamuxSession current = session;
        if (current == null) {
            throw new IllegalStateException("yamux: the handler is in no pipeline yet");
        }
        return current;
    }

    /** Smoothed, 0 while unknown. From any thread. */
    public long roundTripNanos() {
        YamuxSession current = session;
        return current == null ? 0 : current.roundTripNanos();
    }

    public long nowNanos() {
        return nanoClock.getAsLong();
    }

    /** Sends what the session has to send, soon; several calls in one turn of the loop make one flush. */
    public void requestFlush() {
        ChannelHandlerContext ctx = context;
        if (ctx != null && !reading && !flushing && !flushScheduled) {
            flushScheduled = true;
            ctx.executor().execute(this::flush);
        }
    }

    /** Sends go-away once what is queued was sent, or after {@code drainNanos}, and closes the channel. Idempotent. */
    public void close(long drainNanos) {
        ChannelHandlerContext ctx = context;
        if (ctx == null || ended || closing) {
            return;
        }
        closing = true;
        if (session().hasUnsent() && drainNanos > 0) {
            ctx.executor().schedule(this::closeNow, drainNanos, TimeUnit.NANOSECONDS);
        } else {
            closeNow();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        session = new YamuxSession(initiator, options, ctx.alloc(), listener(), nowNanos());
        ticks = ctx.executor()
                .scheduleAtFixedRate(
                        this::tick, YamuxSession.TICK_NANOS, YamuxSession.TICK_NANOS, TimeUnit.NANOSECONDS);
        requestFlush();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        lose(new ConnectionException("connection closed"));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        reading = true;
        ByteBuf bytes = (ByteBuf) message;
        try {
            session().receive(bytes, nowNanos());
        } catch (YamuxException e) {
            fail(e);
        } finally {
            bytes.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reading = false;
        flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            flush();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        lose(new ConnectionException("connection closed by the peer"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        lose(
                cause instanceof ConnectionException
                        ? cause
                        : new ConnectionException("connection lost: " + cause.getMessage(), cause));
        ctx.close();
    }

    private void flush() {
        flushScheduled = false;
        ChannelHandlerContext ctx = context;
        if (ctx == null || flushing) {
            return;
        }
        flushing = true;
        try {
            FrameWriter writer = new FrameWriter(ctx, ctx.alloc());
            long sent = 0;
            while (ctx.channel().isWritable() && session().hasOutput()) {
                long step = writer.pull(session(), FLUSH_BYTES, nowNanos());
                if (step == 0) {
                    break;
                }
                ctx.flush();
                sent += step;
                if (sent >= BYTES_PER_TURN) {
                    flushScheduled = true;
                    ctx.executor().execute(this::flush);
                    break;
                }
            }
        } catch (RuntimeException | Error e) {
            // A frame was taken out of its queue and is not on its way, most likely for want of memory: nothing may
            // follow it.
            lose(new ConnectionException("connection lost: cannot send: " + e.getMessage(), e));
            ctx.close();
        } finally {
            flushing = false;
        }
        boolean done =
                (closing && !session().hasUnsent()) || (peerGone && session().streamCount() == 0);
        if (done && !ended) {
            closeNow();
        }
    }

    private void tick() {
        ChannelHandlerContext ctx = context;
        if (ctx == null || ended) {
            return;
        }
        try {
            session().tick(nowNanos());
            checkStalled(ctx);
        } catch (ConnectionException e) {
            fail(e);
            return;
        }
        flush();
    }

    private void checkStalled(ChannelHandlerContext ctx) {
        long over = ctx.channel().bytesBeforeWritable();
        if (over == 0 || over != stalledAtBytes) {
            stalledAtBytes = over;
            stalledTicks = 0;
        } else if (++stalledTicks >= STALLED_TICKS) {
            throw new ConnectionException("the peer has read nothing for "
                    + TimeUnit.NANOSECONDS.toSeconds(STALLED_TICKS * YamuxSession.TICK_NANOS) + " s");
        }
    }

    /** The peer is about to close; open streams may go on for a while. */
    private void onGoAway() {
        ChannelHandlerContext ctx = context;
        if (ctx != null && !peerGone) {
            peerGone = true;
            ctx.executor().schedule(this::closeNow, GO_AWAY_GRACE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void closeNow() {
        ChannelHandlerContext ctx = context;
        if (ctx == null || ended) {
            return;
        }
        closing = false;
        peerGone = false;
        ConnectionException cause = new ConnectionException("connection closed by this side");
        session().leave(cause);
        end(cause);
        flush();
        if (ctx.channel().isActive()) {
            ctx.executor().schedule(() -> ctx.close(), LINGER_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** The session threw: sends the go-away it may have left, then closes. */
    private void fail(ConnectionException cause) {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            flush();
            lose(cause);
            closeAfterFlush(ctx);
        }
    }

    private static void closeAfterFlush(ChannelHandlerContext ctx) {
        if (ctx.channel().isActive()) {
            ctx.writeAndFlush(ctx.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
            ctx.executor().schedule(() -> ctx.close(), LINGER_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** The connection is gone, or will be at once. */
    private void lose(Throwable cause) {
        session().fail(cause);
        end(cause);
    }

    private void end(Throwable cause) {
        if (ended) {
            return;
        }
        ended = true;
        Future<?> timer = ticks;
        if (timer != null) {
            timer.cancel(false);
        }
        owner.onEnded(cause);
    }

    private YamuxListener listener() {
        return new YamuxListener() {
            @Override
            public @Nullable StreamBudget admit(boolean inbound) {
                return owner.admit(inbound);
            }

            @Override
            public void onStream(YamuxStream stream) {
                owner.onStream(stream);
            }

            @Override
            public void onDrained() {
                ChannelHandlerContext ctx = context;
                if (ctx != null) {
                    ctx.close();
                }
            }

            @Override
            public void onGoAway() {
                YamuxHandler.this.onGoAway();
            }
        };
    }
}
