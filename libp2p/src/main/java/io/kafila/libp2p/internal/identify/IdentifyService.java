package io.kafila.libp2p.internal.identify;

import io.kafila.libp2p.Connection;
import io.kafila.libp2p.IdentifyInfo;
import io.kafila.libp2p.Stream;
import io.kafila.libp2p.StreamReader;
import io.kafila.libp2p.internal.limits.RequestRate;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.Payload;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.PrivateKey;
import io.kafila.multiformats.Varint;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks peers who they are, tells them who this host is, and tells them again when that changes. Thread-safe. */
public final class IdentifyService {
    public static final String PROTOCOL = "/ipfs/id/1.0.0";
    public static final String PUSH_PROTOCOL = "/ipfs/id/push/1.0.0";

    /** What libp2p peers of the IPFS network call themselves. */
    private static final String PROTOCOL_VERSION = "ipfs/0.1.0";

    /** How much of this host's own message addresses and protocols may take, as in go-libp2p. */
    private static final int MAX_OWN_BYTES = 4 * 1024;

    private static final int MAX_PUSHES_AT_ONCE = 32;
    private static final long TIMEOUT_MS = 30_000;

    /** How many requests, and as many pushes, one peer may make at once, and how long it waits for each further one. */
    private static final int BURST = 16;

    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** As many as a host has connections at most, by default. */
    private static final int MAX_REMEMBERED_PEERS = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(IdentifyService.class);

    /** What this host says of itself. Called from event loops. */
    public interface Self {
        PrivateKey key();

        String agentVersion();

        List<Multiaddr> addresses();

        Collection<String> protocols();

        /** Higher for each later state of the addresses. */
        long sequence();
    }

    /** Learns what peers say of themselves, in the event loop of the connection. */
    public interface Listener {
        void onIdentified(Connection connection, IdentifyInfo info);

        /** A request or push came too soon after others of the peer; its stream was reset. */
        void onLimited(Connection connection);

        /** A message was malformed or untrue, or none came. */
        void onFailed(Connection connection, Throwable cause);
    }

    private final Self self;
    private final Listener listener;
    private final ScheduledExecutorService scheduler;
    private final LongSupplier nanoClock;
    private final RequestRate<PeerId> requests = new RequestRate<>(BURST, INTERVAL_NANOS, MAX_REMEMBERED_PEERS);
    private final RequestRate<PeerId> pushes = new RequestRate<>(BURST, INTERVAL_NANOS, MAX_REMEMBERED_PEERS);
    /** The addresses of the signed record that is told, which is made once for each state of them; guarded by this. */
    private List<Multiaddr> sealedAddresses = List.of();

    private byte @Nullable [] sealedRecord;

    public IdentifyService(Self self, Listener listener, ScheduledExecutorService scheduler, LongSupplier nanoClock) {
        this.self = self;
        this.listener = listener;
        this.scheduler = scheduler;
        this.nanoClock = nanoClock;
    }

    /** Asks the peer. The listener hears of the answer. */
    public void identify(Connection connection) {
        connection.newStream(List.of(PROTOCOL)).whenComplete((stream, cause) -> {
            if (cause != null) {
                listener.onFailed(connection, cause);
            } else {
                receive(connection, stream, null);
            }
        });
    }

    /** Serves {@link #PROTOCOL}. */
    public void answer(Stream stream) {
        if (isInTime(requests, stream)) {
            send(stream);
        }
    }

    private boolean isInTime(RequestRate<PeerId> rate, Stream stream) {
        Connection connection = stream.connection();
        boolean inTime = rate.tryTake(connection.remotePeer(), nanoClock.getAsLong());
        if (!inTime) {
            stream.reset();
            listener.onLimited(connection);
        }
        return inTime;
    }

    /** Serves {@link #PUSH_PROTOCOL}. */
    public void acceptPush(Stream stream) {
        if (!isInTime(pushes, stream)) {
            return;
        }
        Connection connection = stream.connection();
        CompletableFuture<IdentifyInfo> known = connection.identified();
        boolean answered = known.isDone() && !known.isCompletedExceptionally();
        receive(connection, stream, answered ? known.join() : null);
    }

    /** Tells all peers that take pushes; only a few at a time. */
    public void push(Collection<? extends Connection> connections) {
        ArrayDeque<Connection> waiting = new ArrayDeque<>();
        for (Connection connection : connections) {
            CompletableFuture<IdentifyInfo> known = connection.identified();
            if (known.isDone()
                    && !known.isCompletedExceptionally()
                    && known.join().protocols().contains(PUSH_PROTOCOL)) {
                waiting.add(connection);
            }
        }
        for (int i = 0; i < MAX_PUSHES_AT_ONCE; i++) {
            pushNext(waiting);
        }
    }

    private void pushNext(ArrayDeque<Connection> waiting) {
        Connection next;
        synchronized (waiting) {
            next = waiting.poll();
        }
        if (next == null) {
            return;
        }
        next.newStream(List.of(PUSH_PROTOCOL)).whenComplete((stream, cause) -> {
            if (cause == null) {
                send(stream);
            }
            pushNext(waiting);
        });
    }

    private void send(Stream stream) {
        Runnable cancel = deadline(stream);
        stream.write(payload(message(stream.connection().remoteAddress()))).whenComplete((done, cause) -> {
            cancel.run();
            if (cause != null) {
                LOG.debug("identify to {}: {}", stream.connection().remotePeer(), cause.getMessage());
            }
            stream.close();
        });
    }

    private void receive(Connection connection, Stream stream, @Nullable IdentifyInfo before) {
        Runnable cancel = deadline(stream);
        collect(new StreamReader(stream), new ArrayList<>()).whenComplete((messages, cause) -> {
            cancel.run();
            if (cause != null) {
                stream.reset();
                listener.onFailed(connection, cause);
                return;
            }
            stream.close();
            try {
                listener.onIdentified(connection, info(connection, IdentifyMessage.decode(messages), before));
            } catch (IdentifyException e) {
                listener.onFailed(connection, e);
            }
        });
    }

    private static CompletableFuture<List<byte[]>> collect(StreamReader reader, List<byte[]> messages) {
        return reader.delimited(IdentifyMessage.MAX_MESSAGE_BYTES).thenCompose(message -> {
            if (message == null) {
                return messages.isEmpty()
                        ? CompletableFuture.failedFuture(new IdentifyException("stream ended without a message"))
                        : CompletableFuture.completedFuture(messages);
            }
            if (messages.size() == IdentifyMessage.MAX_MESSAGES) {
                return CompletableFuture.failedFuture(
                        new IdentifyException("more than " + IdentifyMessage.MAX_MESSAGES + " messages"));
            }
            messages.add(message);
            return collect(reader, messages);
        });
    }

    /** A push may leave out what has not changed. */
    private static IdentifyInfo info(Connection connection, IdentifyMessage message, @Nullable IdentifyInfo before) {
        if (message.publicKey().length > 0
                && !Arrays.equals(message.publicKey(), connection.remoteKey().protobuf())) {
            throw new IdentifyException("key of another peer than " + connection.remotePeer());
        }
        List<Multiaddr> addresses = message.listenAddresses();
        byte[] envelope = message.signedPeerRecord();
        if (envelope != null) {
            SignedPeerRecord record = SignedPeerRecord.open(envelope);
            if (!record.peer().equals(connection.remotePeer())) {
                throw new IdentifyException("signed record of " + record.peer() + " from " + connection.remotePeer());
            }
            addresses = record.addresses();
        }
        Multiaddr observed = message.observedAddress();
        List<Multiaddr> observedList = observed == null ? List.of() : List.of(observed);
        if (before == null) {
            return new IdentifyInfo(
                    message.agentVersion(), message.protocolVersion(), addresses, message.protocols(), observedList);
        }
        return new IdentifyInfo(
                message.agentVersion().isEmpty() ? before.agentVersion() : message.agentVersion(),
                message.protocolVersion().isEmpty() ? before.protocolVersion() : message.protocolVersion(),
                addresses.isEmpty() ? before.listenAddresses() : addresses,
                message.protocols().isEmpty() ? before.protocols() : message.protocols(),
                observed == null ? before.observedAddresses() : observedList);
    }

    private IdentifyMessage message(Multiaddr observed) {
        List<Multiaddr> addresses = new ArrayList<>();
        int bytes = 0;
        for (Multiaddr address : self.addresses()) {
            bytes += 2 * address.bytes().length + 8;
            if (bytes <= MAX_OWN_BYTES && addresses.size() < IdentifyMessage.MAX_ADDRESSES) {
                addresses.add(address);
            }
        }
        return new IdentifyMessage(
                self.key().publicKey().protobuf(),
                addresses,
                List.copyOf(self.protocols()),
                observed,
                PROTOCOL_VERSION,
                self.agentVersion(),
                envelope(List.copyOf(addresses)));
    }

    private synchronized byte[] envelope(List<Multiaddr> addresses) {
        byte[] envelope = sealedRecord;
        if (envelope == null || !sealedAddresses.equals(addresses)) {
            envelope = SignedPeerRecord.seal(self.key(), self.sequence(), addresses);
            sealedAddresses = addresses;
            sealedRecord = envelope;
        }
        return envelope;
    }

    private static Payload payload(IdentifyMessage message) {
        List<ByteBuffer> parts = new ArrayList<>();
        for (byte[] each : message.encode()) {
            parts.add(ByteBuffer.wrap(Varint.encode(each.length)));
            parts.add(ByteBuffer.wrap(each));
        }
        return Payload.of(parts);
    }

    private Runnable deadline(Stream stream) {
        ScheduledFuture<?> timer = scheduler.schedule(stream::reset, TIMEOUT_MS, TimeUnit.MILLISECONDS);
        return () -> timer.cancel(false);
    }
}
