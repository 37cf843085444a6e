package io.kafila.bitswap.internal.net;

import io.kafila.bitswap.BitswapException;
import io.kafila.bitswap.internal.wire.Message;
import io.kafila.bitswap.internal.wire.MessageEncoder;
import io.kafila.bitswap.internal.wire.ProtocolVersion;
import io.kafila.libp2p.Host;
import io.kafila.libp2p.Stream;
import io.kafila.multiformats.Payload;
import io.kafila.multiformats.PeerId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A stream to a peer that is opened when there is something to say, and again after it broke. Asking and answering have a
 * channel each, so that wants do not wait behind blocks. Confined to the loop.
 */
public final class OutboundChannel {
    private final Host host;
    private final PeerId peer;
    private final Loop loop;
    private final Consumer<Stream> reader;
    private final Runnable onBroken;
    private final Deque<Pending> waiting = new ArrayDeque<>();
    private @Nullable Stream stream;
    private @Nullable ProtocolVersion version;
    private boolean opening;
    private boolean closed;

    private record Pending(Message message, Consumer<@Nullable Throwable> done) {}

    /**
     * @param reader takes every stream that was opened, to read it: a peer should answer on a stream of its own, but what
     *     it says here must be taken off the wire, and a reset noticed
     * @param onBroken called in the loop when an open stream broke, not when {@link #close} ended it
     */
    public OutboundChannel(Host host, PeerId peer, Loop loop, Consumer<Stream> reader, Runnable onBroken) {
        this.host = host;
        this.peer = peer;
        this.loop = loop;
        this.reader = reader;
        this.onBroken = onBroken;
    }

    /** The dialect, {@code null} while the stream was never open. */
    public @Nullable ProtocolVersion version() {
        return version;
    }

    /** Opens the stream and tells {@code done} in the loop of the outcome. */
    public void open(Consumer<@Nullable Throwable> done) {
        if (stream != null) {
            done.accept(null);
            return;
        }
        send(Message.ofWants(false, List.of()), done);
    }

    /**
     * Writes a message, which it takes over, after all that was sent before; {@code done} is told in the loop when its
     * bytes left for the wire, or why not. An empty message only opens the stream.
     */
    public void send(Message message, Consumer<@Nullable Throwable> done) {
        if (closed) {
            message.close();
            done.accept(new BitswapException("bitswap to " + peer + ": channel is closed"));
            return;
        }
        if (stream == null) {
            waiting.add(new Pending(message, done));
            connect();
            return;
        }
        write(stream, message, done);
    }

    private void connect() {
        if (opening) {
            return;
        }
        opening = true;
        host.newStream(peer, ProtocolVersion.ids())
                .whenComplete((opened, error) -> loop.execute(() -> {
                    opening = false;
                    if (error != null) {
                        failWaiting(error);
                    } else if (closed) {
                        opened.close();
                    } else {
                        opened(opened);
                    }
                }));
    }

    private void opened(Stream opened) {
        stream = opened;
        version = ProtocolVersion.of(opened.protocol());
        reader.accept(opened);
        while (!waiting.isEmpty()) {
            Pending pending = waiting.remove();
            write(opened, pending.message, pending.done);
        }
    }

    private void write(Stream to, Message message, Consumer<@Nullable Throwable> done) {
        if (message.isEmpty()) {
            done.accept(null);
            return;
        }
        Payload bytes = MessageEncoder.encode(message, ProtocolVersion.of(to.protocol()));
        to.write(bytes)
                .whenComplete((ignored, error) -> loop.execute(() -> {
                    if (error != null) {
                        broken(to);
                    }
                    done.accept(error);
                }));
    }

    /** A stream of this channel is of no more use: it was reset, or a write failed. */
    public void broken(Stream which) {
        if (stream == which) {
            stream = null;
            which.reset();
            onBroken.run();
        }
    }

    private void failWaiting(Throwable error) {
        while (!waiting.isEmpty()) {
            Pending pending = waiting.remove();
            pending.message.close();
            pending.done.accept(error);
        }
    }

    /** Ends the stream; what waits to be sent fails. Idempotent. */
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        failWaiting(new BitswapException("bitswap to " + peer + ": channel is closed"));
        if (stream != null) {
            stream.close();
            stream = null;
        }
    }
}
