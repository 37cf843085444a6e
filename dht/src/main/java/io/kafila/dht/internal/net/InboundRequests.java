package io.kafila.dht.internal.net;

import io.kafila.dht.internal.Counter;
import io.kafila.dht.internal.Counters;
import io.kafila.dht.internal.wire.Message;
import io.kafila.dht.internal.wire.MessageCodec;
import io.kafila.dht.internal.wire.WireException;
import io.kafila.dht.internal.wire.WireLimits;
import io.kafila.libp2p.Host;
import io.kafila.libp2p.Stream;
import io.kafila.libp2p.StreamReader;
import io.kafila.multiformats.Payload;
import io.kafila.multiformats.PeerId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the requests of others from their streams, one at a time on each, and writes the responses. A stream that is silent for a
 * minute, or whose request is refused, is reset. Thread-safe.
 */
public final class InboundRequests implements AutoCloseable {
    /** How many streams of one peer are read. */
    static final int MAX_STREAMS_PER_PEER = 16;

    /** How many streams are read in all: with one request each they hold at most 64 MiB. */
    static final int MAX_STREAMS = 1024;

    private static final long IDLE_NANOS = Duration.ofMinutes(1).toNanos();
    private static final Logger LOG = LoggerFactory.getLogger(InboundRequests.class);

    /** Answers a request; called in the loop. */
    public interface Handler {
        CompletableFuture<Optional<Message>> handle(PeerId from, Message request);
    }

    private final Host host;
    private final String protocol;
    private final DhtLoop loop;
    private final Counters counters;
    private final Handler handler;
    private final Map<PeerId, Integer> streamsByPeer = new ConcurrentHashMap<>();
    private boolean serving;

    public InboundRequests(Host host, String protocol, DhtLoop loop, Counters counters, Handler handler) {
        this.host = host;
        this.protocol = protocol;
        this.loop = loop;
        this.counters = counters;
        this.handler = handler;
    }

    /** Begins or ceases to announce the protocol and take streams. */
    public synchronized void serve(boolean announce) {
        if (announce != serving) {
            serving = announce;
            if (announce) {
                host.handle(protocol, this::onStream);
            } else {
                host.unhandle(protocol);
            }
        }
    }

    @Override
    public void close() {
        serve(false);
    }

    private void onStream(Stream stream) {
        PeerId peer = stream.connection().remotePeer();
        int ofPeer = streamsByPeer.merge(peer, 1, Integer::sum);
        int all = ofPeer > MAX_STREAMS_PER_PEER
                ? 0
                : streamsByPeer.values().stream().mapToInt(Integer::intValue).sum();
        if (ofPeer > MAX_STREAMS_PER_PEER || all > MAX_STREAMS) {
            counters.add(Counter.STREAMS_REFUSED);
            stream.reset();
            ended(peer);
            return;
        }
        next(stream, new StreamReader(stream));
    }

    private void ended(PeerId peer) {
        streamsByPeer.computeIfPresent(peer, (id, count) -> count == 1 ? null : count - 1);
    }

    private void next(Stream stream, StreamReader reader) {
        PeerId peer = stream.connection().remotePeer();
        Runnable cancel = loop.schedule(IDLE_NANOS, () -> {
            counters.add(Counter.STALLED_STREAMS);
            stream.reset();
        });
        reader.delimited(WireLimits.MAX_REQUEST_BYTES).whenComplete((bytes, error) -> {
            cancel.run();
            if (bytes != null) {
                decoded(stream, reader, bytes);
                return;
            }
            if (error == null) {
                stream.close();
            } else {
                // The length of a message that is too long, or a stream that broke.
                if (stream.connection().isOpen()) {
                    counters.add(Counter.MALFORMED_MESSAGES);
                }
                stream.reset();
            }
            ended(peer);
        });
    }

    private void decoded(Stream stream, StreamReader reader, byte[] bytes) {
        PeerId peer = stream.connection().remotePeer();
        Message request;
        try {
            request = MessageCodec.decode(bytes);
        } catch (WireException e) {
            counters.add(Counter.MALFORMED_MESSAGES);
            refuse(stream, e);
            return;
        }
        loop.execute(() -> handler.handle(peer, request).whenComplete((response, error) -> {
            if (error != null) {
                refuse(stream, error);
            } else if (response.isEmpty()) {
                next(stream, reader);
            } else {
                answer(stream, reader, response.get());
            }
        }));
    }

    private void answer(Stream stream, StreamReader reader, Message response) {
        Runnable cancel = loop.schedule(IDLE_NANOS, () -> {
            counters.add(Counter.STALLED_STREAMS);
            stream.reset();
        });
        stream.write(Payload.of(MessageCodec.encodeDelimited(response))).whenComplete((written, error) -> {
            cancel.run();
            if (error == null) {
                next(stream, reader);
            } else {
                refuse(stream, error);
            }
        });
    }

    private void refuse(Stream stream, Throwable cause) {
        PeerId peer = stream.connection().remotePeer();
        LOG.debug("dht stream of {} reset: {}", peer, cause.getMessage());
        stream.reset();
        ended(peer);
    }
}
