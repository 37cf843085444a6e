package io.kafila.bitswap.internal.net;

import io.kafila.bitswap.BitswapCounters;
import io.kafila.bitswap.internal.wire.BlockMemory;
import io.kafila.bitswap.internal.wire.ProtocolVersion;
import io.kafila.bitswap.internal.wire.WireException;
import io.kafila.libp2p.Host;
import io.kafila.libp2p.Stream;
import io.kafila.multiformats.PeerId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the streams that peers open, reads them into messages and hands these to the loop. Thread-safe.
 */
public final class Network implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Network.class);
    private static final long SWEEP_NANOS = 1_000_000_000L;

    private final Host host;
    private final Loop loop;
    private final ByteBudget budget;
    private final int maxStreamsPerPeer;
    private final BitswapCounters counters;
    private final Function<PeerId, BlockMemory> memory;
    private final Consumer<InboundMessage> receiver;
    private final Map<PeerId, Integer> streamsByPeer = new ConcurrentHashMap<>();
    private final Set<InboundStream> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param memory where large blocks of a peer are received into; called by event loops
     * @param receiver takes messages over, in the loop
     */
    public Network(
            Host host,
            Loop loop,
            ByteBudget budget,
            int maxStreamsPerPeer,
            BitswapCounters counters,
            Function<PeerId, BlockMemory> memory,
            Consumer<InboundMessage> receiver) {
        this.host = host;
        this.loop = loop;
        this.budget = budget;
        this.maxStreamsPerPeer = maxStreamsPerPeer;
        this.counters = counters;
        this.memory = memory;
        this.receiver = receiver;
    }

    /** Begins to take streams. */
    public void start() {
        for (ProtocolVersion version : ProtocolVersion.values()) {
            host.handle(version.id(), this::onStream);
        }
        loop.schedule(SWEEP_NANOS, this::sweep);
    }

    /** How many streams of a peer are being read. */
    public int streams(PeerId peer) {
        return streamsByPeer.getOrDefault(peer, 0);
    }

    private void onStream(Stream stream) {
        PeerId peer = stream.connection().remotePeer();
        if (closed) {
            stream.reset();
            return;
        }
        if (streamsByPeer.merge(peer, 1, Integer::sum) > maxStreamsPerPeer) {
            counters.streamRefused();
            onStreamEnd(peer);
            stream.reset();
            return;
        }
        read(stream, false, error -> onStreamEnd(peer));
    }

    private void onStreamEnd(PeerId peer) {
        streamsByPeer.computeIfPresent(peer, (ignored, count) -> count == 1 ? null : count - 1);
    }

    /**
     * Reads a stream that this side opened; {@code onBroken} is told in the loop when it has broken. That the peer closes
     * its own side is no fault: Helia does so at once, since it answers on streams of its own.
     */
    public void readOwn(Stream stream, Runnable onBroken) {
        read(stream, true, error -> {
            if (error != null) {
                loop.execute(onBroken);
            }
        });
    }

    private void read(Stream stream, boolean own, Consumer<@Nullable Throwable> onEnd) {
        BlockMemory blocks = memory.apply(stream.connection().remotePeer());
        InboundStream reader = new InboundStream(stream, own, budget, blocks, loop, new InboundStream.Listener() {
            @Override
            public void onMessage(InboundMessage message) {
                counters.messageReceived(message.sizeBytes());
                if (message.message().isEmpty()) {
                    message.close();
                } else {
                    loop.execute(() -> receive(message));
                }
            }

            @Override
            public void onEnd(InboundStream ended, @Nullable Throwable error) {
                streams.remove(ended);
                if (error instanceof WireException) {
                    counters.malformedMessage();
                    LOG.debug("bitswap from {}: {}", ended.peer(), error.getMessage());
                } else if (error instanceof NoRoomException) {
                    counters.streamRefused();
                    LOG.debug("bitswap from {}: {}", ended.peer(), error.getMessage());
                } else if (error instanceof Error) {
                    LOG.error("bitswap from {}: the stream is given up", ended.peer(), error);
                }
                onEnd.accept(error);
            }
        });
        streams.add(reader);
        reader.start();
    }

    private void receive(InboundMessage message) {
        if (closed) {
            message.discard();
        } else {
            receiver.accept(message);
        }
    }

    private void sweep() {
        long now = loop.now();
        boolean contended = budget.isContended();
        for (InboundStream stream : streams) {
            if (stream.resetIfStalled(now, contended)) {
                counters.stalledStream();
            }
        }
        if (!closed) {
            loop.schedule(SWEEP_NANOS, this::sweep);
        }
    }

    /** Takes no more streams; those that are open end with their connections or with their next message. */
    @Override
    public void close() {
        closed = true;
        for (ProtocolVersion version : ProtocolVersion.values()) {
            host.unhandle(version.id());
        }
    }
}
