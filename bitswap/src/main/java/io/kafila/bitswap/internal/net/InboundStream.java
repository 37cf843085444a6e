package io.kafila.bitswap.internal.net;

import io.kafila.bitswap.internal.wire.MessageAssembler;
import io.kafila.bitswap.internal.wire.MessageDecoder;
import io.kafila.bitswap.internal.wire.ProtocolVersion;
import io.kafila.bitswap.internal.wire.WireException;
import io.kafila.libp2p.Stream;
import io.kafila.multiformats.Payload;
import io.kafila.multiformats.PeerId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages from one stream, one read at a time, and only while the budget has room for the message that comes.
 * Runs in the connection's event loop.
 */
final class InboundStream {
    /** A message that makes no progress for this long is given up. */
    static final long IDLE_NANOS = 30_000_000_000L;

    /** So is one that takes this long in all: 4 MiB at 14 KiB/s. */
    static final long MESSAGE_NANOS = 300_000_000_000L;

    interface Listener {
        /** Takes over the message. */
        void onMessage(InboundMessage message);

        /** The stream has ended; {@code error} is absent if it ended in order. */
        void onEnd(InboundStream stream, @Nullable Throwable error);
    }

    private final Stream stream;
    private final PeerId peer;
    private final ProtocolVersion version;
    private final ByteBudget budget;
    private final Loop loop;
    private final Listener listener;
    private final MessageAssembler assembler = new MessageAssembler();
    private ByteBudget.@Nullable Reservation reservation;
    private boolean ended;
    // Written in the event loop, read by the sweep.
    private volatile boolean inMessage;
    private volatile boolean paused;
    private volatile long messageSince;
    private volatile long progressAt;

    InboundStream(Stream stream, ByteBudget budget, Loop loop, Listener listener) {
        this.stream = stream;
        this.peer = stream.connection().remotePeer();
        this.version = ProtocolVersion.of(stream.protocol());
        this.budget = budget;
        this.loop = loop;
        this.listener = listener;
    }

    PeerId peer() {
        return peer;
    }

    void start() {
        stream.executor().execute(this::readOn);
    }

    /** Resets the stream if its peer has begun a message and does not go on with it. */
    boolean resetIfStalled(long now) {
        if (inMessage && !paused && (now - progressAt > IDLE_NANOS || now - messageSince > MESSAGE_NANOS)) {
            stream.reset();
            return true;
        }
        return false;
    }

    private void readOn() {
        while (!ended) {
            try {
                if (!drain()) {
                    return;
                }
            } catch (RuntimeException e) {
                stream.reset();
                end(e);
                return;
            }
            CompletableFuture<@Nullable Payload> read = stream.read();
            if (!read.isDone()) {
                read.whenComplete((piece, error) -> {
                    take(piece, error);
                    readOn();
                });
                return;
            }
            // Already here: no recursion, so that a fast sender does not deepen the stack.
            read.whenComplete(this::take);
        }
    }

    private void resume() {
        try {
            stream.executor().execute(this::readOn);
        } catch (RejectedExecutionException e) {
            // The event loop is gone, and so is the stream; nothing else runs here any more.
            end(e);
        }
    }

    private void take(@Nullable Payload piece, @Nullable Throwable error) {
        if (ended) {
            if (piece != null) {
                piece.close();
            }
        } else if (error != null) {
            end(error);
        } else if (piece == null) {
            end(assembler.isEmpty() ? null : new WireException("bitswap stream: ends within a message"));
            stream.close();
        } else {
            progressAt = loop.now();
            assembler.take(piece);
        }
    }

    /** Hands out what messages there are; answers whether to read on. */
    private boolean drain() {
        while (assembler.readLength()) {
            if (reservation == null) {
                paused = true;
                reservation = budget.reserve(peer, assembler.bodyBytes() + 1, this::resume);
                if (reservation == null) {
                    return false;
                }
                paused = false;
                messageSince = loop.now();
                progressAt = messageSince;
            }
            inMessage = true;
            Payload body = assembler.poll();
            if (body == null) {
                return true;
            }
            inMessage = false;
            ByteBudget.Reservation share = reservation;
            reservation = null;
            try (body) {
                int size = body.size();
                listener.onMessage(
                        new InboundMessage(peer, version, MessageDecoder.decode(body), share, loop.now(), size));
            } catch (RuntimeException e) {
                share.close();
                throw e;
            }
        }
        return true;
    }

    private void end(@Nullable Throwable error) {
        if (ended) {
            return;
        }
        ended = true;
        inMessage = false;
        assembler.close();
        if (reservation != null) {
            reservation.close();
            reservation = null;
        }
        listener.onEnd(this, error);
    }
}
