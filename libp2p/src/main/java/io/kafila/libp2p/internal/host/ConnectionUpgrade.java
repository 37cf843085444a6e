package io.kafila.libp2p.internal.host;

import io.kafila.libp2p.ConnectionException;
import io.kafila.libp2p.SwarmKey;
import io.kafila.libp2p.internal.multistream.MultistreamNegotiation;
import io.kafila.libp2p.internal.pnet.PrivateNetworkHandler;
import io.kafila.libp2p.internal.security.Role;
import io.kafila.libp2p.internal.security.SecureChannelUpgrader;
import io.kafila.libp2p.internal.security.SecuredSession;
import io.kafila.libp2p.internal.yamux.YamuxSession;
import io.kafila.multiformats.PeerId;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundInvoker;
import io.netty.channel.ChannelPipeline;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Turns one raw channel into a secured one with an agreed muxer (libp2p/specs connections): in a private network its cipher below all, multistream for the secure
 * channel, its handshake, then, unless the handshake chose it, multistream for the muxer. Confined to the channel's event loop.
 */
final class ConnectionUpgrade {

    /** How it ended; called once, in the event loop. */
    interface Listener {
        /** The callee adds the muxer to the pipeline before it returns. */
        void onUpgraded(SecuredSession session, String muxer);

        /** The channel is being closed. */
        void onFailed(Throwable cause);
    }

    private static final List<String> MUXERS = List.of(YamuxSession.PROTOCOL);
    private static final SecureRandom NONCES = new SecureRandom();

    private final Channel channel;
    private final Role role;
    private final @Nullable PeerId expectedPeer;
    private final List<SecureChannelUpgrader> securities;
    private final @Nullable SwarmKey swarmKey;
    private final Listener listener;
    private @Nullable PrivateNetworkHandler network;
    private @Nullable ScheduledFuture<?> deadline;
    private String step = "connecting";
    private boolean connected;
    private boolean over;

    /**
     * @param securities most wanted first
     * @param swarmKey of the private network; {@code null} for the public one
     */
    ConnectionUpgrade(
            Channel channel,
            Role role,
            @Nullable PeerId expectedPeer,
            List<SecureChannelUpgrader> securities,
            @Nullable SwarmKey swarmKey,
            Listener listener) {
        this.channel = channel;
        this.role = role;
        this.expectedPeer = expectedPeer;
        this.securities = securities;
        this.swarmKey = swarmKey;
        this.listener = listener;
    }

    /** Puts the first handler into the pipeline of a channel that is registered. */
    void start(int timeoutMs) {
        deadline = channel.eventLoop()
                .schedule(
                        () -> fail(new ConnectionException(
                                "no connection after " + timeoutMs + " ms, while " + step + suspicion())),
                        timeoutMs,
                        TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(closed -> onClosed());
        if (swarmKey != null) {
            PrivateNetworkHandler first = new PrivateNetworkHandler(swarmKey, NONCES);
            channel.pipeline().addLast(first);
            network = first;
        }
        List<String> names =
                securities.stream().map(SecureChannelUpgrader::protocolId).toList();
        negotiate(names, this::secure);
    }

    private interface Next {
        void agreed(String protocol, NegotiationHandler handler, ByteBuf early);
    }

    private void negotiate(List<String> protocols, Next next) {
        MultistreamNegotiation negotiation = role == Role.INITIATOR
                ? MultistreamNegotiation.initiator(protocols)
                : MultistreamNegotiation.responder(protocols);
        NegotiationHandler[] self = new NegotiationHandler[1];
        self[0] = new NegotiationHandler(negotiation, new NegotiationHandler.Listener() {
            @Override
            public void onStarted() {
                if (!connected) {
                    connected = true;
                    step = "agreeing on a secure channel";
                }
            }

            @Override
            public void onAgreed(String protocol, ByteBuf early) {
                next.agreed(protocol, self[0], early);
            }

            @Override
            public void onFailed(Throwable cause) {
                fail(cause);
            }
        });
        channel.pipeline().addLast(self[0]);
    }

    private void secure(String protocol, NegotiationHandler handler, ByteBuf early) {
        step = "shaking hands by " + protocol;
        SecureChannelUpgrader security = securities.stream()
                .filter(each -> each.protocolId().equals(protocol))
                .findFirst()
                .orElseThrow();
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.remove(handler);
        security.upgrade(pipeline, role, expectedPeer, MUXERS).addListener((Future<SecuredSession> done) -> {
            if (done.isSuccess()) {
                onSecured(done.getNow());
            } else {
                fail(done.cause());
            }
        });
        if (early.isReadable()) {
            deliver(early);
        } else {
            early.release();
        }
    }

    /** Passes on what is deciphered already. */
    private void deliver(ByteBuf early) {
        ChannelInboundInvoker below =
                network == null ? channel.pipeline() : channel.pipeline().context(network);
        below.fireChannelRead(early);
        below.fireChannelReadComplete();
    }

    private void onSecured(SecuredSession session) {
        if (over) {
            return;
        }
        String muxer = session.muxer();
        if (muxer != null) {
            succeed(session, muxer);
            return;
        }
        step = "agreeing on a muxer";
        negotiate(MUXERS, (agreed, handler, early) -> {
            succeed(session, agreed);
            // the handler of the muxer is behind this one now
            if (early.isReadable()) {
                channel.pipeline().context(handler).fireChannelRead(early);
            } else {
                early.release();
            }
            channel.pipeline().remove(handler);
        });
    }

    /** A channel that was never connected fails its connect future, which knows why. */
    private void onClosed() {
        if (connected) {
            fail(new ConnectionException("connection closed while " + step + suspicion()));
        } else {
            finish();
        }
    }

    private String suspicion() {
        boolean unproved = network != null && !network.isVerified();
        return unproved ? ", as with a peer that has not the swarm key of this private network" : "";
    }

    private void succeed(SecuredSession session, String muxer) {
        if (!over) {
            finish();
            listener.onUpgraded(session, muxer);
        }
    }

    private void fail(Throwable cause) {
        if (!over) {
            finish();
            listener.onFailed(cause);
            channel.close();
        }
    }

    private void finish() {
        over = true;
        ScheduledFuture<?> timer = deadline;
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
