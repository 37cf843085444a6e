package io.kafila.libp2p.internal.yamux;

import io.kafila.libp2p.StreamException;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a {@link YamuxSession}: its two windows, what arrived unread and what waits to be sent. Confined to the
 * session's thread.
 */
public final class YamuxStream {

    /** What becomes of a stream; calls may come back into it. */
    public interface Listener {
        /** There is something to take, or the peer's end is reached. */
        void onReadable();

        /** The stream broke: reset, or its session ended. Nothing comes after it. */
        void onBroken(StreamException cause);

        /** The session has forgotten the stream: both sides are closed, or it broke. What is unread may still be taken. */
        void onGone();
    }

    /** How a write ended: with {@code null} when its last byte went to the sink. */
    @FunctionalInterface
    public interface WriteListener {
        void onDone(@Nullable Throwable cause);
    }

    private record Outgoing(ByteBuf bytes, WriteListener listener) {}

    private enum Input {
        OPEN,
        /** The application wants no more; what arrives is dropped. */
        DISCARDED,
        /** The peer has sent FIN. */
        ENDED
    }

    private enum Output {
        OPEN,
        /** FIN follows what is queued. */
        CLOSING,
        ENDED
    }

    private final YamuxSession session;
    private final long id;
    private final boolean inbound;
    private final StreamBudget budget;
    private final ReceiveBuffer unread;
    private final ReceiveWindow window;
    private final ArrayDeque<Outgoing> outgoing = new ArrayDeque<>(4);
    private @Nullable Listener listener;
    private @Nullable WriteListener finListener;
    private @Nullable StreamException broken;
    private Input input = Input.OPEN;
    private Output output = Output.OPEN;
    private long sendCreditBytes = YamuxOptions.INITIAL_WINDOW_BYTES;
    private int grantBytes;
    private final int openingFlag;
    private boolean openingSent;
    private boolean acknowledged;
    private boolean queuedForSending;
    private boolean queuedForUpdate;
    private boolean touched;
    private boolean parked;
    private boolean unreadKept = true;
    private boolean removed;
    private boolean budgetClosed;
    private long progressNanos;

    YamuxStream(YamuxSession session, long id, boolean inbound, StreamBudget budget, long nowNanos) {
        this.session = session;
        this.id = id;
        this.inbound = inbound;
        this.budget = budget;
        this.unread = new ReceiveBuffer(session.allocator());
        this.window = new ReceiveWindow(budget, session.options().maxWindowBytes(), nowNanos);
        this.openingFlag = inbound ? FrameHeader.ACK : FrameHeader.SYN;
        this.acknowledged = inbound;
        this.parked = !inbound;
        this.progressNanos = nowNanos;
    }

    public long id() {
        return id;
    }

    public boolean isInbound() {
        return inbound;
    }

    public void attach(Listener streamListener) {
        this.listener = streamListener;
    }

    /** The bytes that the peer may have under way or unread at most, at present. */
    public int receiveWindowBytes() {
        return window.targetBytes();
    }

    /** What {@link YamuxListener#admit} answered for this stream. */
    public StreamBudget budget() {
        return budget;
    }

    /** Why the stream broke. */
    public @Nullable StreamException broken() {
        return broken;
    }

    /** Why nothing more can be read; a stream that the peer has ended can be read to its end after its connection is lost. */
    public @Nullable StreamException brokenForReading() {
        return unreadKept ? null : broken;
    }

    public boolean hasUnread() {
        return !unread.isEmpty();
    }

    /** Whether the peer has closed its side and everything was taken. */
    public boolean isInputEnded() {
        return input == Input.ENDED && unread.isEmpty();
    }

    /** The oldest unread bytes, which count as consumed, at most {@code maxBytes}; none if there are none. The caller owns the buffers. */
    public List<ByteBuf> take(int maxBytes, long nowNanos) {
        List<ByteBuf> taken = unread.take(maxBytes);
        int bytes = 0;
        for (ByteBuf piece : taken) {
            bytes += piece.readableBytes();
        }
        consumed(bytes, nowNanos);
        return taken;
    }

    /** Lets {@code reader} read the oldest bytes in place, which count as consumed, until it leaves some. */
    public void feed(Consumer<ByteBuf> reader, long nowNanos) {
        int bytes = 0;
        try {
            for (ByteBuf next = unread.peek(); next != null; next = unread.peek()) {
                int readable = next.readableBytes();
                reader.accept(next);
                if (!unreadKept) {
                    return;
                }
                bytes += readable - next.readableBytes();
                if (next.isReadable()) {
                    break;
                }
                unread.removeFirst();
            }
        } finally {
            if (unreadKept) {
                consumed(bytes, nowNanos);
            }
        }
    }

    /** Queues bytes; takes ownership in every case. */
    public void write(ByteBuf bytes, WriteListener writeListener) {
        StreamException cause = broken;
        if (cause == null && output != Output.OPEN) {
            cause = new StreamException("yamux: stream " + id + " is closed for writing");
        }
        if (cause != null) {
            bytes.release();
            writeListener.onDone(cause);
            return;
        }
        if (!bytes.isReadable()) {
            bytes.release();
            writeListener.onDone(null);
            return;
        }
        outgoing.add(new Outgoing(bytes, writeListener));
        session.schedule(this);
    }

    /** Sends FIN behind what is queued. Idempotent; a further call is answered at once. */
    public void closeWrite(WriteListener closeListener) {
        if (broken != null) {
            closeListener.onDone(broken);
        } else if (output != Output.OPEN) {
            closeListener.onDone(null);
        } else {
            output = Output.CLOSING;
            finListener = closeListener;
            session.schedule(this);
        }
    }

    /** Drops what is unread and what still arrives. Idempotent. */
    public void discardInput() {
        if (input == Input.DISCARDED) {
            return;
        }
        dropUnread();
        if (input == Input.OPEN) {
            input = Input.DISCARDED;
        }
    }

    /** Drops both sides and tells the peer; of a stream whose session is over, what could still be read. Idempotent. */
    public void reset() {
        if (broken == null && !session.isGone(this)) {
            boolean tell = openingSent || inbound;
            breakWith(new StreamException("yamux: stream " + id + " was reset by this side"));
            session.remove(this, tell);
        } else if (unreadKept) {
            unreadKept = false;
            dropUnread();
        }
    }

    // what the session calls

    void setProgress(long nowNanos) {
        progressNanos = nowNanos;
    }

    /** Whether this side is through while the peer keeps its side open for longer than {@code lingerNanos} without progress. */
    boolean lingers(long nowNanos, long lingerNanos) {
        return input == Input.DISCARDED && output != Output.OPEN && nowNanos - progressNanos >= lingerNanos;
    }

    void shrinkWindow(long nowNanos, long idleNanos) {
        window.shrink(nowNanos, idleNanos);
    }

    int creditBytes() {
        return window.creditBytes();
    }

    /** Takes {@code length} bytes of {@code in}, part of a frame that was checked against {@link #creditBytes}. */
    void onData(ByteBuf in, int length) {
        if (broken != null) {
            in.skipBytes(length);
            return;
        }
        if (input == Input.DISCARDED) {
            in.skipBytes(length);
            window.dropped(length);
        } else if (window.received(length)) {
            unread.append(in, length);
        } else {
            in.skipBytes(length);
            breakWith(new StreamException("yamux: stream " + id + ": no memory granted for what the peer sent"));
            session.remove(this, true);
        }
    }

    void onAcknowledged() {
        if (!acknowledged) {
            acknowledged = true;
            session.onAcknowledged();
        }
    }

    /** Whether the stream waits for others to be acknowledged before it may be opened. */
    boolean isParked() {
        return parked;
    }

    void unpark() {
        parked = false;
    }

    boolean isAcknowledged() {
        return acknowledged;
    }

    boolean hasInputEnded() {
        return input == Input.ENDED;
    }

    void onEnd() {
        input = Input.ENDED;
        window.end();
    }

    /** @return whether the credit is within what the protocol can count */
    boolean onCredit(long bytes) {
        sendCreditBytes += bytes;
        return sendCreditBytes <= 0xffff_ffffL;
    }

    boolean markTouched() {
        boolean first = !touched;
        touched = true;
        return first;
    }

    void notifyReadable() {
        touched = false;
        Listener current = listener;
        if (current != null) {
            current.onReadable();
        }
    }

    /** Drops everything but what the peer has ended, and tells the application. */
    void loseConnection(StreamException cause) {
        breakWith(cause, input == Input.ENDED);
    }

    /** Drops everything and tells the application. */
    void breakWith(StreamException cause) {
        breakWith(cause, false);
    }

    private void breakWith(StreamException cause, boolean keepUnread) {
        if (broken != null) {
            return;
        }
        broken = cause;
        unreadKept = keepUnread;
        if (!keepUnread) {
            dropUnread();
        }
        for (Outgoing next = outgoing.poll(); next != null; next = outgoing.poll()) {
            next.bytes().release();
            next.listener().onDone(cause);
        }
        onFinDone(cause);
        Listener current = listener;
        if (current != null) {
            current.onBroken(cause);
        }
    }

    /** The session has forgotten the stream. The budget lasts until what is unread was taken. */
    void onRemoved() {
        removed = true;
        closeBudgetIfDrained();
        Listener current = listener;
        if (current != null) {
            current.onGone();
        }
    }

    /** Whether both sides are closed and everything was sent. What is unread may still be taken. */
    boolean isFinished() {
        return output == Output.ENDED && input == Input.ENDED;
    }

    boolean canSend() {
        if (broken != null) {
            return false;
        }
        return outgoing.isEmpty() ? output == Output.CLOSING : sendCreditBytes > 0;
    }

    /** Whether bytes or a FIN wait to be sent, be it for credit. */
    boolean hasQueued() {
        return broken == null && (!outgoing.isEmpty() || output == Output.CLOSING);
    }

    /** Whether there is credit to grant, or a SYN or ACK that no data frame will carry. */
    boolean needsUpdate() {
        return broken == null && (grantBytes > 0 || (!openingSent && !(queuedForSending && canSend())));
    }

    boolean markQueuedForSending() {
        boolean first = !queuedForSending;
        queuedForSending = true;
        return first;
    }

    void unmarkQueuedForSending() {
        queuedForSending = false;
    }

    boolean markQueuedForUpdate() {
        boolean first = !queuedForUpdate;
        queuedForUpdate = true;
        return first;
    }

    FrameHeader takeUpdate() {
        queuedForUpdate = false;
        FrameHeader update = new FrameHeader(FrameType.WINDOW_UPDATE, takeOpeningFlag(), id, grantBytes);
        grantBytes = 0;
        return update;
    }

    void unmarkQueuedForUpdate() {
        queuedForUpdate = false;
    }

    /** Emits one frame of at most {@code maxBytes} payload; only if {@link #canSend}. Answers the bytes emitted. */
    int emit(FrameSink sink, int maxBytes) {
        int flags = takeOpeningFlag();
        Outgoing head = outgoing.peek();
        if (head == null) {
            output = Output.ENDED;
            sink.frame(new FrameHeader(FrameType.WINDOW_UPDATE, flags | FrameHeader.FIN, id, 0), null);
            onFinDone(null);
            return FrameHeader.BYTES;
        }
        ByteBuf bytes = head.bytes();
        int length = (int) Math.min(Math.min(bytes.readableBytes(), maxBytes), sendCreditBytes);
        sendCreditBytes -= length;
        boolean last = length == bytes.readableBytes();
        if (last) {
            outgoing.remove();
            if (outgoing.isEmpty() && output == Output.CLOSING) {
                flags |= FrameHeader.FIN;
                output = Output.ENDED;
            }
        }
        FrameHeader header = new FrameHeader(FrameType.DATA, flags, id, length);
        try {
            sink.frame(header, last ? bytes : bytes.readRetainedSlice(length));
        } catch (RuntimeException | Error e) {
            if (last) {
                head.listener().onDone(e);
            }
            throw e;
        }
        if (last) {
            head.listener().onDone(null);
        }
        if (output == Output.ENDED) {
            onFinDone(null);
        }
        return FrameHeader.BYTES + length;
    }

    private void onFinDone(@Nullable Throwable cause) {
        WriteListener current = finListener;
        finListener = null;
        if (current != null) {
            current.onDone(cause);
        }
    }

    private int takeOpeningFlag() {
        if (openingSent) {
            return 0;
        }
        openingSent = true;
        return openingFlag;
    }

    private void dropUnread() {
        unread.clear();
        if (!budgetClosed) {
            window.consumed(window.unreadBytes());
            closeBudgetIfDrained();
        }
    }

    private void closeBudgetIfDrained() {
        if (removed && !budgetClosed && unread.isEmpty()) {
            budgetClosed = true;
            budget.close();
        }
    }

    private void consumed(int bytes, long nowNanos) {
        if (bytes == 0 || budgetClosed) {
            return;
        }
        window.consumed(bytes);
        closeBudgetIfDrained();
        if (broken == null && input == Input.OPEN) {
            grantBytes += window.grant(nowNanos, session.roundTripNanos());
            if (grantBytes > 0) {
                session.scheduleUpdate(this);
            }
        }
    }
}
