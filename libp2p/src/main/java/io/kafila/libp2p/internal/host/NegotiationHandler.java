package io.kafila.libp2p.internal.host;

import io.kafila.libp2p.ConnectionException;
import io.kafila.libp2p.internal.multistream.MultistreamException;
import io.kafila.libp2p.internal.multistream.MultistreamNegotiation;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Drives a multistream negotiation at the end of a pipeline and takes itself out when it is over. Confined to the event
 * loop.
 */
final class NegotiationHandler extends ChannelInboundHandlerAdapter {

    /** How it goes. */
    interface Listener {
        /** The channel is connected. */
        void onStarted();

        /**
         * Both sides agreed. What the peer sent beyond the negotiation goes to {@code early}'s reader next; the callee
         * changes the pipeline and takes ownership of {@code early}.
         */
        void onAgreed(String protocol, ByteBuf early);

        void onFailed(Throwable cause);
    }

    private final MultistreamNegotiation negotiation;
    private final Listener listener;
    private boolean started;
    private boolean over;

    NegotiationHandler(MultistreamNegotiation negotiation, Listener listener) {
        this.negotiation = negotiation;
        this.listener = listener;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (ctx.channel().isActive()) {
            start(ctx);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        start(ctx);
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (over) {
            ctx.fireChannelRead(bytes);
            return;
        }
        boolean passedOn = false;
        try {
            negotiation.receive(bytes);
            send(ctx);
            if (negotiation.isDone()) {
                over = true;
                passedOn = true;
                listener.onAgreed(negotiation.protocol(), bytes);
            }
        } catch (MultistreamException e) {
            send(ctx);
            fail(e);
        } finally {
            if (!passedOn) {
                bytes.release();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(new ConnectionException("connection closed during the negotiation of protocols"));
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(cause);
        ctx.close();
    }

    private void start(ChannelHandlerContext ctx) {
        if (!started) {
            started = true;
            listener.onStarted();
            send(ctx);
        }
    }

    private void send(ChannelHandlerContext ctx) {
        if (negotiation.hasOutput()) {
            ctx.writeAndFlush(negotiation.takeOutput(ctx.alloc()));
        }
    }

    private void fail(Throwable cause) {
        if (!over) {
            over = true;
            listener.onFailed(cause);
        }
    }
}
