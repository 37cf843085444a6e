package io.kafila.dht.internal.net;

import io.kafila.dht.DhtException;
import io.kafila.dht.internal.wire.Message;
import io.kafila.dht.internal.wire.MessageCodec;
import io.kafila.dht.internal.wire.WireException;
import io.kafila.dht.internal.wire.WireLimits;
import io.kafila.libp2p.Connection;
import io.kafila.libp2p.Host;
import io.kafila.libp2p.Peerstore;
import io.kafila.libp2p.Stream;
import io.kafila.libp2p.StreamReader;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.Payload;
import io.kafila.multiformats.PeerId;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one DHT over the streams of a host. A stream that has carried a request is kept for the next one to that
 * peer, for servers answer many on one. Thread-safe.
 */
public final class HostNetwork implements DhtNetwork, AutoCloseable {
    /** How many idle streams are kept; the oldest makes room. */
    static final int MAX_IDLE_STREAMS = 128;

    /** What a peer of the table is worth to the connection manager; Kubo values those of near buckets alike. */
    private static final int TABLE_VALUE = 5;

    private final Host host;
    private final String protocol;
    private final DhtLoop loop;
    private final Predicate<Multiaddr> addresses;
    private final Map<PeerId, Exchange> idle = new LinkedHashMap<>();
    private boolean closed;

    /** A stream with what reads it. */
    private record Exchange(Stream stream, StreamReader reader) {}

    /** @param addresses which addresses are of this network */
    public HostNetwork(Host host, String protocol, DhtLoop loop, Predicate<Multiaddr> addresses) {
        this.host = host;
        this.protocol = protocol;
        this.loop = loop;
        this.addresses = addresses;
    }

    @Override
    public PeerId self() {
        return host.peerId();
    }

    @Override
    public List<Multiaddr> ownAddresses() {
        return host.addresses().stream().filter(addresses).toList();
    }

    @Override
    public List<Multiaddr> knownAddresses(PeerId peer) {
        return host.peerstore().addresses(peer);
    }

    @Override
    public boolean isConnected(PeerId peer) {
        return !host.connections(peer).isEmpty();
    }

    @Override
    public List<Multiaddr> remoteAddresses(PeerId peer) {
        return host.connections(peer).stream().map(Connection::remoteAddress).toList();
    }

    @Override
    public void value(PeerId peer, boolean inTable) {
        String tag = "kad:" + protocol;
        if (inTable) {
            host.connectionManager().tag(peer, tag, TABLE_VALUE);
        } else {
            host.connectionManager().untag(peer, tag);
        }
    }

    @Override
    public CompletableFuture<Message> request(PeerId peer, List<Multiaddr> at, Message request, long timeoutNanos) {
        Attempt<Message> attempt = new Attempt<>(peer, timeoutNanos);
        ByteBuffer bytes = ByteBuffer.wrap(MessageCodec.encodeDelimited(request));
        Exchange kept = takeIdle(peer);
        if (kept == null) {
            attempt.open(at, exchange -> ask(attempt, exchange, bytes, null));
        } else {
            // The peer may have dropped it meanwhile; then a new one is tried.
            ask(attempt, kept, bytes, () -> attempt.open(at, exchange -> ask(attempt, exchange, bytes, null)));
        }
        return attempt.result;
    }

    private void ask(Attempt<Message> attempt, Exchange exchange, ByteBuffer request, @Nullable Runnable ifStale) {
        attempt.stream = exchange.stream;
        exchange.stream
                .write(Payload.of(request.duplicate()))
                .thenCompose(written -> exchange.reader.delimited(WireLimits.MAX_RESPONSE_BYTES))
                .whenComplete((bytes, error) -> {
                    if (attempt.result.isDone()) {
                        exchange.stream.reset();
                    } else if (bytes == null) {
                        exchange.stream.reset();
                        if (ifStale == null) {
                            attempt.fail(error == null ? new DhtException("no response, the stream ended") : error);
                        } else {
                            ifStale.run();
                        }
                    } else {
                        answered(attempt, exchange, bytes);
                    }
                });
    }

    private void answered(Attempt<Message> attempt, Exchange exchange, byte[] bytes) {
        Message response;
        try {
            response = MessageCodec.decode(bytes);
        } catch (WireException e) {
            exchange.stream.reset();
            attempt.fail(e);
            return;
        }
        keepIdle(attempt.peer, exchange);
        attempt.result.complete(response);
    }

    @Override
    public CompletableFuture<Void> send(PeerId peer, List<Multiaddr> at, List<Message> messages, long timeoutNanos) {
        Attempt<Void> attempt = new Attempt<>(peer, timeoutNanos);
        attempt.open(at, exchange -> send(attempt, exchange, messages.iterator()));
        return attempt.result;
    }

    private void send(Attempt<Void> attempt, Exchange exchange, Iterator<Message> messages) {
        attempt.stream = exchange.stream;
        if (!messages.hasNext()) {
            exchange.stream.close();
            attempt.result.complete(null);
            return;
        }
        exchange.stream
                .write(Payload.of(MessageCodec.encodeDelimited(messages.next())))
                .whenComplete((written, error) -> {
                    if (error != null || attempt.result.isDone()) {
                        exchange.stream.reset();
                        attempt.fail(error == null ? new DhtException("cancelled") : error);
                    } else {
                        send(attempt, exchange, messages);
                    }
                });
    }

    /** One request, from dialing to its end. */
    private final class Attempt<T extends @Nullable Object> {
        private final PeerId peer;
        private final CompletableFuture<T> result = new CompletableFuture<>();
        private volatile @Nullable Stream stream;

        Attempt(PeerId peer, long timeoutNanos) {
            this.peer = peer;
            Runnable cancel = loop.schedule(timeoutNanos, () -> {
                if (result.completeExceptionally(new DhtException(
                        "dht: " + peer + " has not answered within " + timeoutNanos / 1_000_000 + " ms"))) {
                    Stream pending = stream;
                    if (pending != null) {
                        pending.reset();
                    }
                }
            });
            result.whenComplete((done, error) -> cancel.run());
        }

        void open(List<Multiaddr> at, java.util.function.Consumer<Exchange> then) {
            if (!at.isEmpty() && !isConnected(peer)) {
                host.peerstore().addAddresses(peer, at, Peerstore.RECENTLY_CONNECTED_TTL);
            }
            host.newStream(peer, List.of(protocol)).whenComplete((opened, error) -> {
                if (error != null) {
                    fail(error);
                } else if (result.isDone()) {
                    opened.reset();
                } else {
                    then.accept(new Exchange(opened, new StreamReader(opened)));
                }
            });
        }

        void fail(Throwable cause) {
            result.completeExceptionally(cause);
        }
    }

    private synchronized @Nullable Exchange takeIdle(PeerId peer) {
        return idle.remove(peer);
    }

    private void keepIdle(PeerId peer, Exchange exchange) {
        Exchange dropped;
        synchronized (this) {
            dropped = closed || idle.containsKey(peer) ? exchange : null;
            if (dropped == null) {
                idle.put(peer, exchange);
                if (idle.size() > MAX_IDLE_STREAMS) {
                    PeerId oldest = idle.keySet().iterator().next();
                    dropped = idle.remove(oldest);
                }
            }
        }
        if (dropped != null) {
            dropped.stream.close();
        }
    }

    /** Ends the idle streams. Idempotent. */
    @Override
    public void close() {
        List<Exchange> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(idle.values());
            idle.clear();
        }
        left.forEach(each -> each.stream.close());
    }
}
