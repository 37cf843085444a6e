package io.kafila.libp2p.internal.host;

import io.kafila.libp2p.Connection;
import io.kafila.libp2p.Stream;
import io.kafila.libp2p.StreamException;
import io.kafila.libp2p.internal.limits.ResourceLimitException;
import io.kafila.libp2p.internal.limits.StreamScope;
import io.kafila.libp2p.internal.multistream.MultistreamException;
import io.kafila.libp2p.internal.multistream.MultistreamNegotiation;
import io.kafila.libp2p.internal.yamux.YamuxStream;
import io.kafila.multiformats.Payload;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The stream that applications hold: a {@link YamuxStream} behind a multistream negotiation, reached from any thread.
 * Its state is confined to the event loop of the connection.
 */
final class MuxedStream implements Stream, YamuxStream.Listener {
    private static final long NEGOTIATION_TIMEOUT_MS = 10_000;

    private final HostConnection connection;
    private final YamuxStream yamux;
    private final StreamScope scope;
    private final Consumer<MuxedStream> onAgreed;
    private final Consumer<Throwable> onNotAgreed;
    private final @Nullable ScheduledFuture<?> negotiationTimer;
    private @Nullable MultistreamNegotiation negotiation;
    private volatile String protocol = "";
    private boolean agreed;
    private boolean inputClosed;
    private @Nullable CompletableFuture<@Nullable Payload> pendingRead;
    private int pendingMaxBytes;
    private @Nullable Payload returned;
    private @Nullable StreamException negotiationFailure;

    /**
     * Starts the negotiation at once. Exactly one of the callbacks comes, in the event loop; for an optimistic negotiation
     * from within {@link #start}.
     */
    MuxedStream(
            HostConnection connection,
            YamuxStream yamux,
            StreamScope scope,
            MultistreamNegotiation negotiation,
            Consumer<MuxedStream> onAgreed,
            Consumer<Throwable> onNotAgreed) {
        this.connection = connection;
        this.yamux = yamux;
        this.scope = scope;
        this.negotiation = negotiation;
        this.onAgreed = onAgreed;
        this.onNotAgreed = onNotAgreed;
        this.negotiationTimer = connection
                .eventLoop()
                .schedule(this::onNegotiationTimeout, NEGOTIATION_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        yamux.attach(this);
    }

    void start() {
        MultistreamNegotiation current = negotiation;
        if (current != null) {
            sendNegotiation(current);
            if (current.isAgreed()) {
                agree(current.protocol());
            }
        }
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public String protocol() {
        return protocol;
    }

    @Override
    public boolean isInitiator() {
        return !yamux.isInbound();
    }

    @Override
    public Executor executor() {
        return connection.eventLoop();
    }

    @Override
    public CompletableFuture<@Nullable Payload> read(int maxBytes) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("stream: a read of " + maxBytes + " bytes, want at least 1");
        }
        CompletableFuture<@Nullable Payload> read = new CompletableFuture<>();
        inLoop(() -> startRead(read, maxBytes), read::completeExceptionally);
        return read;
    }

    @Override
    public CompletableFuture<Void> write(Payload payload) {
        CompletableFuture<Void> written = new CompletableFuture<>();
        ByteBuf bytes = PayloadBuf.of(connection.allocator(), payload);
        int size = bytes.readableBytes();
        inLoop(
                () -> {
                    yamux.write(bytes, cause -> {
                        if (cause == null) {
                            connection.onSent(protocol, size);
                        }
                        complete(written, cause);
                    });
                    connection.requestFlush();
                },
                cause -> {
                    bytes.release();
                    written.completeExceptionally(cause);
                });
        return written;
    }

    @Override
    public CompletableFuture<Void> closeWrite() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        inLoop(
                () -> {
                    yamux.closeWrite(cause -> complete(closed, cause));
                    connection.requestFlush();
                },
                closed::completeExceptionally);
        return closed;
    }

    @Override
    public void reset() {
        inLoop(
                () -> {
                    yamux.reset();
                    connection.requestFlush();
                },
                cause -> {});
    }

    @Override
    public void close() {
        inLoop(
                () -> {
                    yamux.closeWrite(cause -> {});
                    inputClosed = true;
                    dropReturned();
                    if (negotiation == null) {
                        yamux.discardInput();
                    }
                    failRead(new StreamException("stream closed by this side"));
                    connection.requestFlush();
                },
                cause -> {});
    }

    @Override
    public void onReadable() {
        MultistreamNegotiation current = negotiation;
        if (current != null && !negotiate(current)) {
            return;
        }
        if (inputClosed) {
            yamux.discardInput();
            return;
        }
        CompletableFuture<@Nullable Payload> read = pendingRead;
        if (read != null) {
            pendingRead = null;
            deliver(read, pendingMaxBytes);
        }
    }

    @Override
    public void onBroken(StreamException cause) {
        failNegotiation(cause);
        if (yamux.brokenForReading() != null) {
            dropReturned();
            failRead(cause);
        } else {
            onReadable();
        }
    }

    @Override
    public void onGone() {
        connection.onStreamGone(this);
    }

    @Override
    public String toString() {
        return "stream " + yamux.id() + " " + protocol + " of " + connection;
    }

    /**
     * Enters the stream in the account of its protocol; called once, by whoever learned of the agreement.
     *
     * @throws ResourceLimitException if the protocol holds too much already
     */
    void admitProtocol() {
        scope.setProtocol(protocol);
    }

    private void startRead(CompletableFuture<@Nullable Payload> read, int maxBytes) {
        if (pendingRead != null && !pendingRead.isDone()) {
            read.completeExceptionally(
                    new IllegalStateException("stream: a read is under way already, want one at a time"));
            return;
        }
        deliver(read, maxBytes);
    }

    private void deliver(CompletableFuture<@Nullable Payload> read, int maxBytes) {
        if (read.isDone()) {
            return;
        }
        StreamException broken = negotiationFailure != null ? negotiationFailure : yamux.brokenForReading();
        if (broken != null) {
            read.completeExceptionally(broken);
        } else if (inputClosed) {
            read.completeExceptionally(new StreamException("stream closed by this side"));
        } else if (returned != null) {
            handReturned(read, returned, maxBytes);
        } else if (negotiation == null && yamux.hasUnread()) {
            Payload payload = PayloadBuf.toPayload(yamux.take(maxBytes, connection.nowNanos()));
            connection.onReceived(protocol, payload.size());
            connection.requestFlush();
            hand(read, payload);
        } else if (negotiation == null && yamux.isInputEnded()) {
            read.complete(null);
        } else {
            pendingRead = read;
            pendingMaxBytes = maxBytes;
        }
    }

    /** What a cancelled read left, as much of it as is wanted now. */
    private void handReturned(CompletableFuture<@Nullable Payload> read, Payload left, int maxBytes) {
        int size = Math.min(maxBytes, left.size());
        Payload part = left.slice(0, size);
        if (!read.complete(part)) {
            part.close();
            return;
        }
        returned = size < left.size() ? left.slice(size, left.size() - size) : null;
        left.close();
    }

    /** A read that was cancelled meanwhile leaves its bytes to the next one. */
    private void hand(CompletableFuture<@Nullable Payload> read, Payload payload) {
        if (!read.complete(payload)) {
            returned = payload;
        }
    }

    /** Feeds the negotiation; whether it is over and well. */
    private boolean negotiate(MultistreamNegotiation current) {
        try {
            yamux.feed(current::receive, connection.nowNanos());
            sendNegotiation(current);
            if (!current.isDone() && yamux.isInputEnded()) {
                current.receiveEnd();
            }
        } catch (MultistreamException e) {
            sendNegotiation(current);
            connection.onNegotiationFailed(e);
            failNegotiation(e);
            yamux.reset();
            connection.requestFlush();
            return false;
        }
        if (!current.isDone()) {
            return false;
        }
        negotiation = null;
        cancelTimer();
        agree(current.protocol());
        return yamux.broken() == null;
    }

    private void sendNegotiation(MultistreamNegotiation current) {
        if (current.hasOutput()) {
            yamux.write(current.takeOutput(connection.allocator()), cause -> {});
            connection.requestFlush();
        }
    }

    private void agree(String name) {
        if (!agreed) {
            agreed = true;
            protocol = name;
            onAgreed.accept(this);
        }
    }

    private void failNegotiation(Throwable cause) {
        if (negotiation == null) {
            return;
        }
        negotiation = null;
        cancelTimer();
        // Nobody will read it: also what the peer has ended before its connection was lost.
        yamux.discardInput();
        if (agreed) {
            StreamException failure = cause instanceof StreamException already
                    ? already
                    : new StreamException("stream lost: " + cause.getMessage(), cause);
            negotiationFailure = failure;
            failRead(failure);
        } else {
            agreed = true;
            onNotAgreed.accept(cause);
        }
    }

    private void onNegotiationTimeout() {
        if (negotiation != null) {
            failNegotiation(new StreamException(
                    "no answer to the negotiation of a stream within " + NEGOTIATION_TIMEOUT_MS + " ms"));
            yamux.reset();
            connection.requestFlush();
        }
    }

    private void cancelTimer() {
        ScheduledFuture<?> timer = negotiationTimer;
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void failRead(StreamException cause) {
        CompletableFuture<@Nullable Payload> read = pendingRead;
        pendingRead = null;
        if (read != null) {
            read.completeExceptionally(cause);
        }
    }

    private void dropReturned() {
        Payload payload = returned;
        returned = null;
        if (payload != null) {
            payload.close();
        }
    }

    private static void complete(CompletableFuture<Void> future, @Nullable Throwable cause) {
        if (cause == null) {
            future.complete(null);
        } else {
            future.completeExceptionally(cause);
        }
    }

    private void inLoop(Runnable action, Consumer<Throwable> onRefused) {
        if (connection.eventLoop().inEventLoop()) {
            action.run();
            return;
        }
        try {
            connection.eventLoop().execute(action);
        } catch (RejectedExecutionException e) {
            onRefused.accept(new StreamException("stream lost: the host is closed", e));
        }
    }
}
