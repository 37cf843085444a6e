package io.kafila.libp2p.internal.yamux;

import io.kafila.libp2p.StreamException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One side of a yamux session, without I/O (libp2p/specs yamux).
 *
 * <p>The driver hands it what arrives ({@link #receive}), asks it for frames when the wire can take some ({@link #pull})
 * and calls {@link #tick} from time to time. Frames of several streams go out in turn, answers to the peer first. When a
 * method throws, the session is over: its streams are broken, {@link #pull} yields at most a go-away, and the connection is
 * to be closed. Confined to one thread.
 */
public final class YamuxSession {
    public static final String PROTOCOL = "/yamux/1.0.0";

    /** Answers owed to a peer that does not read them: pongs and resets of refused streams. */
    public static final int MAX_CONTROL_FRAMES = 1024;

    /** Streams that wait for the acknowledgement of others before they are opened. */
    public static final int MAX_PARKED_STREAMS = 4096;

    /** How often {@link #tick} should be called. */
    public static final long TICK_NANOS = 5_000_000_000L;

    /** The value of the last ping; those before count from 1. */
    private static final long CLOSING_PING = 0;

    private static final long MAX_STREAM_ID = 0xffff_ffffL;

    private final boolean initiator;
    private final YamuxOptions options;
    private final ByteBufAllocator allocator;
    private final YamuxListener listener;
    private final RoundTrip roundTrip;
    private final ByteBuf partialHeader;
    private final Map<Long, YamuxStream> streams = new HashMap<>();
    private final ArrayDeque<FrameHeader> control = new ArrayDeque<>();
    private final ArrayDeque<YamuxStream> updates = new ArrayDeque<>();
    private final ArrayDeque<YamuxStream> ready = new ArrayDeque<>();
    private final ArrayDeque<YamuxStream> parked = new ArrayDeque<>();
    private final ArrayDeque<YamuxStream> touched = new ArrayDeque<>();
    private long nextStreamId;
    private long highestPeerId;
    private int inboundStreams;
    private int unacknowledged;
    private boolean localGone;
    private boolean peerGone;
    private @Nullable Throwable failure;
    private @Nullable YamuxStream bodyStream;
    private long bodyBytes;
    private boolean bodyEndsStream;
    private long nowNanos;

    /** @param initiator whether this side opened the connection; its streams have odd ids */
    public YamuxSession(
            boolean initiator,
            YamuxOptions options,
            ByteBufAllocator allocator,
            YamuxListener listener,
            long nowNanos) {
        this.initiator = initiator;
        this.options = options;
        this.allocator = allocator;
        this.listener = listener;
        this.roundTrip = new RoundTrip(options.keepAliveNanos(), options.silenceNanos(), nowNanos);
        // Not counted, for nobody may be left to release it: a loop that ends tells its last channels nothing.
        this.partialHeader = Unpooled.wrappedBuffer(new byte[FrameHeader.BYTES]).clear();
        this.nextStreamId = initiator ? 1 : 2;
        this.nowNanos = nowNanos;
    }

    public List<YamuxStream> streams() {
        return new ArrayList<>(streams.values());
    }

    public int streamCount() {
        return streams.size();
    }

    /** Smoothed, 0 while unknown. */
    public long roundTripNanos() {
        return roundTrip.smoothedNanos();
    }

    /**
     * Opens a stream. With more than {@link YamuxOptions#ackBacklog} unacknowledged ones it waits for its turn.
     *
     * @throws StreamException if the session ends, the budget refuses, or too many wait already
     */
    public YamuxStream open() {
        if (failure != null || localGone || peerGone) {
            throw new StreamException("yamux: no new streams, the connection is closing", failure);
        }
        if (nextStreamId > MAX_STREAM_ID) {
            throw new StreamException("yamux: all stream ids of this connection are used");
        }
        if (parked.size() >= MAX_PARKED_STREAMS) {
            throw new StreamException("yamux: " + parked.size() + " streams wait to be opened already");
        }
        StreamBudget budget = listener.admit(false);
        if (budget == null) {
            throw new StreamException("yamux: stream refused by the resource limits");
        }
        YamuxStream stream = new YamuxStream(this, nextStreamId, false, budget, nowNanos);
        nextStreamId += 2;
        streams.put(stream.id(), stream);
        parked.add(stream);
        unpark();
        return stream;
    }

    /**
     * Takes bytes of the peer; borrows {@code in} and reads all of it.
     *
     * @throws YamuxException if the peer breaks the rules or has gone away
     */
    public void receive(ByteBuf in, long now) {
        nowNanos = now;
        roundTrip.onHeard(now);
        try {
            while (in.isReadable() && failure == null) {
                if (bodyBytes > 0) {
                    receiveBody(in);
                } else {
                    receiveHeader(in);
                }
            }
        } catch (YamuxException e) {
            end(e);
            throw e;
        }
        for (YamuxStream stream = touched.poll(); stream != null; stream = touched.poll()) {
            stream.notifyReadable();
        }
    }

    /** Whether {@link #pull} would yield something. */
    public boolean hasOutput() {
        return !control.isEmpty() || (failure == null && (roundTrip.isDue() || !updates.isEmpty() || !ready.isEmpty()));
    }

    /** Whether bytes wait to be sent, be it for the peer's credit. */
    public boolean hasUnsent() {
        return streams.values().stream().anyMatch(YamuxStream::hasQueued);
    }

    /** Sends frames until about {@code maxBytes} or nothing is left to send; answers how many bytes it was. */
    public long pull(FrameSink sink, long maxBytes, long now) {
        nowNanos = now;
        long sent = 0;
        while (sent < maxBytes) {
            FrameHeader header = nextControlFrame();
            if (header != null) {
                sink.frame(header, null);
                sent += FrameHeader.BYTES;
                continue;
            }
            YamuxStream stream = failure == null ? ready.poll() : null;
            if (stream == null) {
                break;
            }
            stream.unmarkQueuedForSending();
            if (stream.canSend()) {
                stream.setProgress(now);
                sent += stream.emit(sink, options.maxFrameBytes());
                schedule(stream);
                removeIfFinished(stream);
            }
        }
        return sent;
    }

    /** Tells the peer that this side takes no more streams and will close. Idempotent. */
    public void goAway() {
        goAway(FrameHeader.GO_AWAY_NORMAL);
    }

    /** @throws YamuxException if the peer is silent for too long */
    public void tick(long now) {
        nowNanos = now;
        try {
            roundTrip.tick(now);
        } catch (YamuxException e) {
            end(e);
            throw e;
        }
        for (YamuxStream stream : streams()) {
            if (stream.lingers(now, options.lingerNanos())) {
                stream.reset();
            } else {
                stream.shrinkWindow(now, options.idleNanos());
            }
        }
    }

    /**
     * Breaks all streams, then sends a ping and go-away: once the ping is answered the peer has read all that was sent
     * before, and the connection can be closed without loss.
     */
    public void leave(Throwable cause) {
        if (failure == null) {
            breakStreams(cause);
            control.add(new FrameHeader(FrameType.PING, FrameHeader.SYN, 0, CLOSING_PING));
            goAway(FrameHeader.GO_AWAY_NORMAL);
        }
    }

    /** Breaks all streams; the session is over. Idempotent. */
    public void fail(Throwable cause) {
        if (failure != null) {
            return;
        }
        failure = cause;
        bodyBytes = 0;
        breakStreams(cause);
    }

    private void breakStreams(Throwable cause) {
        bodyStream = null;
        for (YamuxStream stream : streams()) {
            stream.loseConnection(new StreamException(
                    "yamux: stream " + stream.id() + " lost with its connection: " + cause.getMessage(), cause));
            streams.remove(stream.id());
            stream.onRemoved();
        }
        updates.clear();
        ready.clear();
        parked.clear();
        touched.clear();
    }

    ByteBufAllocator allocator() {
        return allocator;
    }

    YamuxOptions options() {
        return options;
    }

    boolean isGone(YamuxStream stream) {
        return streams.get(stream.id()) != stream;
    }

    void schedule(YamuxStream stream) {
        if (stream.canSend() && !stream.isParked() && stream.markQueuedForSending()) {
            ready.add(stream);
        }
    }

    void scheduleUpdate(YamuxStream stream) {
        if (!stream.isParked() && stream.markQueuedForUpdate()) {
            updates.add(stream);
        }
    }

    void onAcknowledged() {
        unacknowledged--;
        unpark();
    }

    void remove(YamuxStream stream, boolean tellPeer) {
        if (!streams.remove(stream.id(), stream)) {
            return;
        }
        if (tellPeer) {
            control.add(new FrameHeader(FrameType.WINDOW_UPDATE, FrameHeader.RST, stream.id(), 0));
        }
        if (stream.isInbound()) {
            inboundStreams--;
        } else if (stream.isParked()) {
            parked.remove(stream);
        } else if (!stream.isAcknowledged()) {
            unacknowledged--;
            unpark();
        }
        stream.onRemoved();
    }

    private void unpark() {
        while (unacknowledged < options.ackBacklog()) {
            YamuxStream stream = parked.poll();
            if (stream == null) {
                return;
            }
            unacknowledged++;
            stream.unpark();
            scheduleUpdate(stream);
            schedule(stream);
        }
    }

    private @Nullable FrameHeader nextControlFrame() {
        FrameHeader header = control.poll();
        if (header != null || failure != null) {
            return header;
        }
        if (roundTrip.isDue()) {
            return new FrameHeader(FrameType.PING, FrameHeader.SYN, 0, roundTrip.send(nowNanos));
        }
        for (YamuxStream stream = updates.poll(); stream != null; stream = updates.poll()) {
            stream.unmarkQueuedForUpdate();
            if (stream.needsUpdate()) {
                return stream.takeUpdate();
            }
        }
        return null;
    }

    private void receiveHeader(ByteBuf in) {
        FrameHeader header;
        if (partialHeader.isReadable() || in.readableBytes() < FrameHeader.BYTES) {
            partialHeader.writeBytes(in, Math.min(in.readableBytes(), partialHeader.writableBytes()));
            if (partialHeader.isWritable()) {
                return;
            }
            header = FrameHeader.read(partialHeader);
            partialHeader.clear();
        } else {
            header = FrameHeader.read(in);
        }
        switch (header.type()) {
            case DATA, WINDOW_UPDATE -> onStreamFrame(header);
            case PING -> onPing(header);
            case GO_AWAY -> onGoAway(header);
        }
    }

    private void receiveBody(ByteBuf in) {
        int length = (int) Math.min(bodyBytes, in.readableBytes());
        bodyBytes -= length;
        YamuxStream stream = bodyStream;
        if (stream == null) {
            in.skipBytes(length);
            return;
        }
        stream.onData(in, length);
        touch(stream);
        if (bodyBytes == 0) {
            bodyStream = null;
            if (bodyEndsStream) {
                onEnd(stream);
            }
        }
    }

    private void onPing(FrameHeader header) {
        if (header.has(FrameHeader.SYN)) {
            control(new FrameHeader(FrameType.PING, FrameHeader.ACK, 0, header.length()));
        } else {
            if (header.length() == CLOSING_PING && localGone) {
                listener.onDrained();
            }
            roundTrip.onPong(header.length(), nowNanos);
        }
    }

    private void onGoAway(FrameHeader header) {
        if (header.length() != FrameHeader.GO_AWAY_NORMAL) {
            throw new YamuxException(YamuxException.Kind.GONE, "peer went away with code " + header.length());
        }
        peerGone = true;
        for (YamuxStream stream = parked.poll(); stream != null; stream = parked.poll()) {
            stream.breakWith(new StreamException("yamux: no new streams, the peer has gone away"));
            remove(stream, false);
        }
        listener.onGoAway();
    }

    private void onStreamFrame(FrameHeader header) {
        YamuxStream stream = header.has(FrameHeader.SYN) ? accept(header) : streams.get(header.streamId());
        boolean data = header.type() == FrameType.DATA;
        bodyBytes = data ? header.length() : 0;
        bodyStream = null;
        if (stream == null) {
            if (!header.has(FrameHeader.SYN) && !header.has(FrameHeader.RST)) {
                requireKnownId(header);
            }
            return;
        }
        stream.setProgress(nowNanos);
        if (header.has(FrameHeader.ACK)) {
            stream.onAcknowledged();
        }
        if (header.has(FrameHeader.RST)) {
            stream.breakWith(new StreamException("yamux: stream " + stream.id() + " was reset by the peer"
                    + (data || header.length() == 0 ? "" : " with code " + header.length())));
            remove(stream, false);
            return;
        }
        if (data) {
            onDataHeader(stream, header);
        } else {
            if (!stream.onCredit(header.length())) {
                throw new YamuxException(
                        YamuxException.Kind.WINDOW,
                        "stream " + stream.id() + ": credit of " + header.length() + " bytes exceeds 32 bits in all");
            }
            schedule(stream);
            if (header.has(FrameHeader.FIN)) {
                onEnd(stream);
            }
        }
    }

    private void onDataHeader(YamuxStream stream, FrameHeader header) {
        if (header.length() > 0 && stream.hasInputEnded()) {
            throw new YamuxException(
                    YamuxException.Kind.WINDOW,
                    "stream " + stream.id() + ": " + header.length() + " bytes after its end, want none");
        }
        if (header.length() > stream.creditBytes()) {
            throw new YamuxException(
                    YamuxException.Kind.WINDOW,
                    "stream " + stream.id() + ": frame of " + header.length() + " bytes, want at most "
                            + stream.creditBytes() + " left of its window");
        }
        if (header.length() > 0) {
            bodyStream = stream;
            bodyEndsStream = header.has(FrameHeader.FIN);
        } else if (header.has(FrameHeader.FIN)) {
            onEnd(stream);
        }
    }

    private void onEnd(YamuxStream stream) {
        if (!stream.hasInputEnded() && !isGone(stream)) {
            stream.onEnd();
            touch(stream);
            removeIfFinished(stream);
        }
    }

    private @Nullable YamuxStream accept(FrameHeader header) {
        long id = header.streamId();
        if (id == 0 || (id % 2 == 1) == initiator) {
            throw new YamuxException(
                    YamuxException.Kind.STREAM_ID,
                    "peer opened stream " + id + ", want an " + (initiator ? "even" : "odd") + " id");
        }
        if (streams.containsKey(id)) {
            throw new YamuxException(YamuxException.Kind.STREAM_ID, "peer opened stream " + id + " twice");
        }
        highestPeerId = Math.max(highestPeerId, id);
        if (header.has(FrameHeader.RST)) {
            return null;
        }
        // Each stream may end in a reset that is owed to the peer.
        requireRoomForAnswer();
        StreamBudget budget = localGone || inboundStreams >= options.maxInboundStreams() ? null : listener.admit(true);
        if (budget == null) {
            control(new FrameHeader(FrameType.WINDOW_UPDATE, FrameHeader.RST, id, 0));
            return null;
        }
        YamuxStream stream = new YamuxStream(this, id, true, budget, nowNanos);
        streams.put(id, stream);
        inboundStreams++;
        scheduleUpdate(stream);
        listener.onStream(stream);
        return isGone(stream) ? null : stream;
    }

    /** Frames for streams that are gone may be under way; those for streams that never were are a fault. */
    private void requireKnownId(FrameHeader header) {
        long id = header.streamId();
        boolean ours = (id % 2 == 1) == initiator;
        if (id == 0 || (ours ? id >= nextStreamId : id > highestPeerId)) {
            throw new YamuxException(
                    YamuxException.Kind.STREAM_ID, "frame for stream " + id + ", which was never opened");
        }
    }

    private void control(FrameHeader header) {
        requireRoomForAnswer();
        control.add(header);
    }

    private void requireRoomForAnswer() {
        if (control.size() >= MAX_CONTROL_FRAMES) {
            throw new YamuxException(
                    YamuxException.Kind.CONTROL_FLOOD, control.size() + " answers are owed to the peer, want fewer");
        }
    }

    private void touch(YamuxStream stream) {
        if (stream.markTouched()) {
            touched.add(stream);
        }
    }

    private void removeIfFinished(YamuxStream stream) {
        if (stream.isFinished()) {
            remove(stream, false);
        }
    }

    private void goAway(int code) {
        if (!localGone && failure == null) {
            localGone = true;
            control.add(new FrameHeader(FrameType.GO_AWAY, 0, 0, code));
        }
    }

    private void end(YamuxException cause) {
        control.clear();
        localGone = false;
        if (cause.isViolation()) {
            goAway(FrameHeader.GO_AWAY_PROTOCOL_ERROR);
        }
        localGone = true;
        fail(cause);
    }
}
