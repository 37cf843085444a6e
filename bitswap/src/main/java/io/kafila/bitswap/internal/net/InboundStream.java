package io.kafila.bitswap.internal.net;

import io.kafila.bitswap.internal.wire.BlockMemory;
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

    /** While others wait for memory, a message has this long to begin in earnest ... */
    static final long CONTENDED_NANOS = 2_000_000_000L;

    /** ... and must come faster than this: 2 MiB in a minute. */
    static final long CONTENDED_BYTES_PER_SECOND = 32 * 1024;

    /** What is read of a message, and of those behind it, before the budget has room for it. */
    static final int HEAD_BYTES = 4 * 1024;

    /** What is handed out before the event loop's other work has its turn: empty messages are a byte each. */
    private static final int MESSAGES_PER_TURN = 64;

    interface Listener {
        /** Takes over the message. */
        void onMessage(InboundMessage message);

        /** The stream has ended; {@code error} is absent if it ended in order. */
        void onEnd(InboundStream stream, @Nullable Throwable error);
    }

    private final Stream stream;
    private final boolean own;
    private final PeerId peer;
    private final ProtocolVersion version;
    private final ByteBudget budget;
    private final Loop loop;
    private final Listener listener;
    private final MessageAssembler assembler;
    private final Runnable resume = this::resume;
    private ByteBudget.@Nullable Reservation reservation;
    private boolean ended;
    private int parkedBytes;
    /** How many messages were handed out in this turn. */
    private int turn;
    // Written in the event loop, read by the sweep.
    private volatile boolean inMessage;
    private volatile boolean paused;
    private volatile long messageSince;
    private volatile long progressAt;
    private volatile long messageBytes;

    /** @param own whether this side opened the stream and goes on writing to it when the peer has said all that it will */
    InboundStream(Stream stream, boolean own, ByteBudget budget, BlockMemory memory, Loop loop, Listener listener) {
        this.stream = stream;
        this.own = own;
        this.peer = stream.connection().remotePeer();
        this.version = ProtocolVersion.of(stream.protocol());
        this.budget = budget;
        this.assembler = new MessageAssembler(memory);
        this.loop = loop;
        this.listener = listener;
    }

    PeerId peer() {
        return peer;
    }

    void start() {
        stream.executor().execute(this::readOn);
    }

    /**
     * Resets the stream if its peer has begun a message and does not go on with it, or goes on slowly while others wait for
     * the memory that it holds.
     */
    boolean resetIfStalled(long now, boolean contended) {
        if (paused && !stream.connection().isOpen()) {
            // It reads nothing, so it would not hear of the end.
            abandon();
            return false;
        }
        if (!inMessage || paused) {
            return false;
        }
        long age = now - messageSince;
        boolean slow = contended
                && age > CONTENDED_NANOS
                && messageBytes < (double) age * CONTENDED_BYTES_PER_SECOND / 1_000_000_000L;
        if (slow || now - progressAt > IDLE_NANOS || age > MESSAGE_NANOS) {
            stream.reset();
            return true;
        }
        return false;
    }

    private void abandon() {
        try {
            stream.executor().execute(() -> {
                stream.reset(); // lets go of what is unread
                end(null);
            });
        } catch (RejectedExecutionException e) {
            end(null); // the event loop is gone: nothing else runs here any more
        }
    }

    private void readOn() {
        turn = 0;
        while (!ended) {
            try {
                if (!drain()) {
                    return;
                }
            } catch (RuntimeException | Error e) {
                stream.reset();
                end(e);
                return;
            }
            CompletableFuture<@Nullable Payload> read = stream.read(wantedBytes());
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

    /** Of a message for which there is room all that is missing, of others not more than it takes to know their size. */
    private int wantedBytes() {
        return reservation == null ? HEAD_BYTES : assembler.bodyBytes() - assembler.bufferedBytes();
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
            if (!own) {
                stream.close();
            }
        } else {
            progressAt = loop.now();
            long soFar = messageBytes;
            messageBytes = soFar + piece.size();
            assembler.take(piece);
        }
    }

    /** Hands out what messages there are; answers whether to read on now. */
    private boolean drain() {
        while (assembler.readLength()) {
            if (turn == MESSAGES_PER_TURN) {
                resume();
                return false;
            }
            if (reservation == null) {
                unpark();
                paused = true;
                reservation = budget.reserve(peer, assembler.bodyBytes() + 1, resume);
                if (reservation == null) {
                    park();
                    return false;
                }
                paused = false;
                messageSince = loop.now();
                progressAt = messageSince;
                messageBytes = assembler.bufferedBytes();
            }
            inMessage = true;
            Payload body = assembler.poll();
            if (body == null) {
                return true;
            }
            inMessage = false;
            turn++;
            ByteBudget.Reservation share = reservation;
            reservation = null;
            try (body) {
                int size = body.size();
                listener.onMessage(
                        new InboundMessage(peer, version, MessageDecoder.decode(body), share, loop.now(), size));
            } catch (RuntimeException | Error e) {
                share.close();
                throw e;
            }
        }
        return true;
    }

    /** @throws NoRoomException if too much lies here already of those who wait */
    private void park() {
        int bytes = assembler.bufferedBytes();
        if (!budget.park(peer, bytes)) {
            throw new NoRoomException("bitswap stream: no room for " + bytes + " bytes of a message that has to wait");
        }
        parkedBytes = bytes;
    }

    private void unpark() {
        if (parkedBytes > 0) {
            budget.unpark(peer, parkedBytes);
            parkedBytes = 0;
        }
    }

    private void end(@Nullable Throwable error) {
        if (ended) {
            return;
        }
        ended = true;
        inMessage = false;
        paused = false;
        budget.withdraw(resume);
        unpark();
        assembler.close();
        if (reservation != null) {
            reservation.close();
            reservation = null;
        }
        listener.onEnd(this, error);
    }
}
