package io.kafila.libp2p.internal.host;

import io.kafila.libp2p.Connection;
import io.kafila.libp2p.ConnectionException;
import io.kafila.libp2p.IdentifyInfo;
import io.kafila.libp2p.Stream;
import io.kafila.libp2p.StreamException;
import io.kafila.libp2p.StreamHandler;
import io.kafila.libp2p.internal.limits.ConnectionScope;
import io.kafila.libp2p.internal.limits.ResourceLimitException;
import io.kafila.libp2p.internal.multistream.MultistreamException;
import io.kafila.libp2p.internal.multistream.MultistreamNegotiation;
import io.kafila.libp2p.internal.security.SecuredSession;
import io.kafila.libp2p.internal.yamux.StreamBudget;
import io.kafila.libp2p.internal.yamux.YamuxException;
import io.kafila.libp2p.internal.yamux.YamuxHandler;
import io.kafila.libp2p.internal.yamux.YamuxStream;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.PublicKey;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection of a host: a channel with a muxer at its end. Thread-safe; its streams live in the channel's event loop. */
final class HostConnection implements Connection, YamuxHandler.Owner {
    /** How long {@link #close} lets queued bytes leave. */
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger(HostConnection.class);

    /** What makes a connection: how it came to be and what the handshake proved. */
    record Origin(
            SecuredSession session,
            String muxer,
            Direction direction,
            Multiaddr localAddress,
            Multiaddr remoteAddress,
            Instant openedAt) {}

    private final ConnectionOwner owner;
    private final Channel channel;
    private final Origin origin;
    private final ConnectionScope scope;
    private final YamuxHandler yamux;
    private final Set<Stream> streams = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<IdentifyInfo> identified = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final AtomicBoolean open = new AtomicBoolean(true);
    private volatile @Nullable IdentifyInfo info;

    HostConnection(ConnectionOwner owner, Channel channel, Origin origin, ConnectionScope scope) {
        this.owner = owner;
        this.channel = channel;
        this.origin = origin;
        this.scope = scope;
        this.yamux = new YamuxHandler(
                origin.direction() == Direction.OUTBOUND, owner.yamuxOptions(), owner.nanoClock(), this);
    }

    /** Puts the muxer at the end of the pipeline. In the event loop. */
    void start() {
        channel.pipeline().addLast(yamux);
        if (!channel.isActive()) {
            channel.pipeline().remove(yamux); // it would hear of nothing any more
        }
    }

    @Override
    public PeerId remotePeer() {
        return origin.session().peer();
    }

    @Override
    public PublicKey remoteKey() {
        return origin.session().key();
    }

    @Override
    public Multiaddr localAddress() {
        return origin.localAddress();
    }

    @Override
    public Multiaddr remoteAddress() {
        return origin.remoteAddress();
    }

    @Override
    public Direction direction() {
        return origin.direction();
    }

    @Override
    public String security() {
        return origin.session().protocolId();
    }

    @Override
    public String muxer() {
        return origin.muxer();
    }

    @Override
    public Instant openedAt() {
        return origin.openedAt();
    }

    @Override
    public boolean isOpen() {
        return open.get();
    }

    @Override
    public List<Stream> streams() {
        return List.copyOf(streams);
    }

    @Override
    public CompletableFuture<Stream> newStream(List<String> protocols) {
        CompletableFuture<Stream> opened = new CompletableFuture<>();
        try {
            MultistreamNegotiation negotiation = negotiation(List.copyOf(protocols));
            if (channel.eventLoop().inEventLoop()) {
                openStream(negotiation, opened);
            } else {
                channel.eventLoop().execute(() -> openStream(negotiation, opened));
            }
        } catch (RejectedExecutionException e) {
            opened.completeExceptionally(
                    new StreamException("no stream to " + remotePeer() + ": the host is closed", e));
        } catch (IllegalArgumentException e) {
            opened.completeExceptionally(e);
        }
        return opened;
    }

    @Override
    public CompletableFuture<IdentifyInfo> identified() {
        return identified.copy();
    }

    @Override
    public long roundTripNanos() {
        return yamux.roundTripNanos();
    }

    @Override
    public void close() {
        close(DRAIN_NANOS);
    }

    void close(long drainNanos) {
        try {
            channel.eventLoop().execute(() -> {
                if (channel.isOpen()) {
                    yamux.close(drainNanos);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("{}: closed after its event loop", this);
        }
    }

    /** Completes when nothing is left of the connection. */
    CompletableFuture<Void> closed() {
        return closed.copy();
    }

    @Nullable
    IdentifyInfo info() {
        return info;
    }

    /** What identify or a push told. */
    void setInfo(IdentifyInfo fresh) {
        info = fresh;
        identified.complete(fresh);
    }

    void failIdentify(Throwable cause) {
        identified.completeExceptionally(cause);
    }

    EventLoop eventLoop() {
        return channel.eventLoop();
    }

    ByteBufAllocator allocator() {
        return channel.alloc();
    }

    Channel channel() {
        return channel;
    }

    long nowNanos() {
        return yamux.nowNanos();
    }

    void requestFlush() {
        yamux.requestFlush();
    }

    void onSent(String protocol, int bytes) {
        owner.onSent(this, protocol, bytes);
    }

    void onReceived(String protocol, int bytes) {
        owner.onReceived(this, protocol, bytes);
    }

    void onNegotiationFailed(MultistreamException cause) {
        owner.counters().add("multistream:" + cause.kind().name().toLowerCase(Locale.ROOT));
    }

    void onStreamGone(MuxedStream stream) {
        streams.remove(stream);
    }

    @Override
    public @Nullable StreamBudget admit(boolean inbound) {
        try {
            return new ScopeBudget(scope.openStream(inbound ? Direction.INBOUND : Direction.OUTBOUND));
        } catch (ResourceLimitException e) {
            owner.counters().add("stream:refused");
            LOG.debug("{}: stream refused: {}", this, e.getMessage());
            return null;
        }
    }

    @Override
    public void onStream(YamuxStream stream) {
        new MuxedStream(
                        this,
                        stream,
                        ((ScopeBudget) stream.budget()).scope(),
                        MultistreamNegotiation.responder(owner.protocolTable()::contains, owner.protocolTable()::names),
                        this::serve,
                        cause -> LOG.debug("{}: no protocol agreed: {}", this, cause.getMessage()))
                .start();
    }

    @Override
    public void onEnded(Throwable cause) {
        if (open.compareAndSet(true, false)) {
            if (cause instanceof YamuxException fault && fault.isViolation()) {
                owner.counters().add("yamux:" + fault.kind().name().toLowerCase(Locale.ROOT));
            }
            LOG.debug("{} ended: {}", this, cause.getMessage());
            identified.completeExceptionally(
                    new ConnectionException("connection to " + remotePeer() + " ended before identify", cause));
            scope.close();
            owner.onDisconnected(this);
            channel.closeFuture().addListener(done -> closed.complete(null));
        }
    }

    @Override
    public String toString() {
        return origin.direction().name().toLowerCase(Locale.ROOT) + " connection to " + remotePeer() + " at "
                + origin.remoteAddress();
    }

    /** If identify told what the peer speaks, the first of those is taken for agreed, which saves a round trip. */
    private MultistreamNegotiation negotiation(List<String> protocols) {
        IdentifyInfo known = info;
        if (known != null) {
            for (String protocol : protocols) {
                if (known.protocols().contains(protocol)) {
                    return MultistreamNegotiation.optimistic(protocol);
                }
            }
        }
        return MultistreamNegotiation.initiator(protocols);
    }

    private void openStream(MultistreamNegotiation negotiation, CompletableFuture<Stream> opened) {
        YamuxStream stream;
        try {
            stream = yamux.session().open();
        } catch (StreamException e) {
            opened.completeExceptionally(e);
            return;
        }
        new MuxedStream(
                        this,
                        stream,
                        ((ScopeBudget) stream.budget()).scope(),
                        negotiation,
                        agreed -> {
                            try {
                                agreed.admitProtocol();
                            } catch (ResourceLimitException e) {
                                agreed.reset();
                                opened.completeExceptionally(
                                        new StreamException("stream refused: " + e.getMessage(), e));
                                return;
                            }
                            streams.add(agreed);
                            if (!opened.complete(agreed)) {
                                agreed.reset();
                            }
                        },
                        opened::completeExceptionally)
                .start();
    }

    private void serve(MuxedStream stream) {
        StreamHandler handler = owner.protocolTable().handler(stream.protocol());
        if (handler == null) {
            stream.reset();
            return;
        }
        try {
            stream.admitProtocol();
        } catch (ResourceLimitException e) {
            LOG.debug("{} refused: {}", stream, e.getMessage());
            stream.reset();
            return;
        }
        streams.add(stream);
        try {
            handler.onStream(stream);
        } catch (RuntimeException e) {
            LOG.warn("handler of {} failed", stream.protocol(), e);
            stream.reset();
        }
    }
}
