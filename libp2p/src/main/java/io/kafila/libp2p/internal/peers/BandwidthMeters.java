package io.kafila.libp2p.internal.peers;

import io.kafila.libp2p.BandwidthCounter;
import io.kafila.multiformats.PeerId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The meters of a host. Of peers and of protocols only the most recently active are kept; the totals of the host lose
 * nothing. Thread-safe.
 */
public final class BandwidthMeters implements BandwidthCounter {
    static final int MAX_PEERS = 2048;
    static final int MAX_PROTOCOLS = 256;

    private static final Bandwidth NONE = new Bandwidth(0, 0, 0, 0);

    private record Both(RateMeter in, RateMeter out) {
        static Both create(long nowNanos) {
            return new Both(new RateMeter(nowNanos), new RateMeter(nowNanos));
        }

        Bandwidth bandwidth(long nowNanos) {
            return new Bandwidth(in.total(), out.total(), in.rate(nowNanos), out.rate(nowNanos));
        }

        /** When bytes last moved, within a second. */
        long activeNanos() {
            return Math.max(in.sampledNanos(), out.sampledNanos());
        }
    }

    private final LongSupplier nanoTime;
    private final Both total;
    private final Map<PeerId, Both> peers = new ConcurrentHashMap<>();
    private final Map<String, Both> protocols = new ConcurrentHashMap<>();

    public BandwidthMeters(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.total = Both.create(nanoTime.getAsLong());
    }

    public void sent(PeerId peer, String protocol, long bytes) {
        long now = nanoTime.getAsLong();
        total.out.add(bytes, now);
        meter(peers, peer, MAX_PEERS, now).out.add(bytes, now);
        meter(protocols, protocol, MAX_PROTOCOLS, now).out.add(bytes, now);
    }

    public void received(PeerId peer, String protocol, long bytes) {
        long now = nanoTime.getAsLong();
        total.in.add(bytes, now);
        meter(peers, peer, MAX_PEERS, now).in.add(bytes, now);
        meter(protocols, protocol, MAX_PROTOCOLS, now).in.add(bytes, now);
    }

    @Override
    public Bandwidth total() {
        return total.bandwidth(nanoTime.getAsLong());
    }

    @Override
    public Bandwidth peer(PeerId peer) {
        return bandwidth(peers.get(peer));
    }

    @Override
    public Bandwidth protocol(String protocol) {
        return bandwidth(protocols.get(protocol));
    }

    private Bandwidth bandwidth(@Nullable Both meter) {
        return meter == null ? NONE : meter.bandwidth(nanoTime.getAsLong());
    }

    private static <K> Both meter(Map<K, Both> meters, K key, int most, long now) {
        Both meter = meters.get(key);
        if (meter != null) {
            return meter;
        }
        if (meters.size() >= most) {
            evictOldest(meters);
        }
        return meters.computeIfAbsent(key, created -> Both.create(now));
    }

    private static <K> void evictOldest(Map<K, Both> meters) {
        K oldest = null;
        long oldestNanos = 0;
        for (Map.Entry<K, Both> entry : meters.entrySet()) {
            long active = entry.getValue().activeNanos();
            if (oldest == null || active - oldestNanos < 0) {
                oldest = entry.getKey();
                oldestNanos = active;
            }
        }
        if (oldest != null) {
            meters.remove(oldest);
        }
    }
}
