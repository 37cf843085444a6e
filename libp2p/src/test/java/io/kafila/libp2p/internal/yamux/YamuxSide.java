package io.kafila.libp2p.internal.yamux;

import io.kafila.libp2p.StreamException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One session with a budget, a record of its streams, and what it sent. Time moves only when told to. */
final class YamuxSide implements YamuxListener {
    static final ByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;

    final YamuxSession session;
    final List<Inbox> accepted = new ArrayList<>();
    final Map<YamuxStream, Inbox> inboxes = new HashMap<>();
    long budgetBytes = Long.MAX_VALUE;
    long reservedBytes;
    int openBudgets;
    int maxStreams = Integer.MAX_VALUE;
    boolean peerGone;
    boolean drained;
    long nowNanos = 1;

    YamuxSide(boolean initiator) {
        this(initiator, YamuxOptions.DEFAULT);
    }

    YamuxSide(boolean initiator, YamuxOptions options) {
        session = new YamuxSession(initiator, options, ALLOCATOR, this, nowNanos);
    }

    /** What the application sees of one stream. */
    static final class Inbox implements YamuxStream.Listener {
        final YamuxStream stream;
        final ByteArrayOutputStream read = new ByteArrayOutputStream();
        boolean readable;
        boolean gone;

        @Nullable
        StreamException broken;

        Inbox(YamuxStream stream) {
            this.stream = stream;
            stream.attach(this);
        }

        int take(long nowNanos) {
            int bytes = 0;
            for (ByteBuf piece : stream.take(1 << 20, nowNanos)) {
                byte[] copy = new byte[piece.readableBytes()];
                piece.readBytes(copy);
                piece.release();
                read.writeBytes(copy);
                bytes += copy.length;
            }
            return bytes;
        }

        @Override
        public void onReadable() {
            readable = true;
        }

        @Override
        public void onBroken(StreamException cause) {
            broken = cause;
        }

        @Override
        public void onGone() {
            gone = true;
        }
    }

    Inbox open() {
        Inbox inbox = new Inbox(session.open());
        inboxes.put(inbox.stream, inbox);
        return inbox;
    }

    void write(Inbox inbox, byte[] bytes) {
        inbox.stream.write(Unpooled.copiedBuffer(bytes), cause -> {});
    }

    /** What the session wants to send now, at most about {@code maxBytes}. */
    byte[] pull(long maxBytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        session.pull(
                (header, payload) -> {
                    ByteBuf head = Unpooled.buffer(FrameHeader.BYTES);
                    header.write(head);
                    append(out, head);
                    if (payload != null) {
                        append(out, payload);
                    }
                },
                maxBytes,
                nowNanos);
        return out.toByteArray();
    }

    void receive(byte[] bytes) {
        ByteBuf buffer = ALLOCATOR.directBuffer(Math.max(1, bytes.length)).writeBytes(bytes);
        try {
            session.receive(buffer, nowNanos);
        } finally {
            buffer.release();
        }
    }

    /** Passes everything between both sides until nothing is left to say. */
    static void settle(YamuxSide left, YamuxSide right) {
        while (left.session.hasOutput() || right.session.hasOutput()) {
            right.receive(left.pull(Long.MAX_VALUE));
            left.receive(right.pull(Long.MAX_VALUE));
        }
    }

    void close() {
        session.fail(new IllegalStateException("end of the test"));
        accepted.forEach(inbox -> inbox.stream.discardInput());
        inboxes.values().forEach(inbox -> inbox.stream.discardInput());
    }

    private static void append(ByteArrayOutputStream out, ByteBuf bytes) {
        byte[] copy = new byte[bytes.readableBytes()];
        bytes.readBytes(copy);
        bytes.release();
        out.writeBytes(copy);
    }

    @Override
    public @Nullable StreamBudget admit(boolean inbound) {
        if (openBudgets >= maxStreams) {
            return null;
        }
        openBudgets++;
        return new StreamBudget() {
            private long held;

            @Override
            public boolean reserve(int bytes) {
                if (reservedBytes + bytes > budgetBytes) {
                    return false;
                }
                reservedBytes += bytes;
                held += bytes;
                return true;
            }

            @Override
            public void release(int bytes) {
                if (bytes > held) {
                    throw new AssertionError("released " + bytes + " of " + held);
                }
                reservedBytes -= bytes;
                held -= bytes;
            }

            @Override
            public void close() {
                reservedBytes -= held;
                held = 0;
                openBudgets--;
            }
        };
    }

    @Override
    public void onStream(YamuxStream stream) {
        Inbox inbox = new Inbox(stream);
        accepted.add(inbox);
        inboxes.put(stream, inbox);
    }

    @Override
    public void onDrained() {
        drained = true;
    }

    @Override
    public void onGoAway() {
        peerGone = true;
    }
}
