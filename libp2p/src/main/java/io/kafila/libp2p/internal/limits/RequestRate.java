package io.kafila.libp2p.internal.limits;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often each peer may ask for something: a burst at once, then one per interval. Thread-safe.
 *
 * <p>Peers are remembered until their burst is whole again, and at most {@code mostKeys} of them; beyond those, the one whose
 * last request is longest ago is forgotten.
 */
public final class RequestRate<K> {
    private final int burst;
    private final long intervalNanos;
    private final int mostKeys;
    /** When each key's burst will be whole, the key that asked last at the end. */
    private final Map<K, Long> wholeAt = new LinkedHashMap<>();

    public RequestRate(int burst, long intervalNanos, int mostKeys) {
        this.burst = burst;
        this.intervalNanos = intervalNanos;
        this.mostKeys = mostKeys;
    }

    /** Counts one request, or answers {@code false}: it comes too soon and does not count. */
    public synchronized boolean tryTake(K key, long nowNanos) {
        Long known = wholeAt.get(key);
        long whole = known == null || known - nowNanos < 0 ? nowNanos : known;
        if (whole + intervalNanos - nowNanos > burst * intervalNanos) {
            return false;
        }
        wholeAt.remove(key);
        wholeAt.put(key, whole + intervalNanos);
        forget(nowNanos);
        return true;
    }

    private void forget(long nowNanos) {
        var oldest = wholeAt.entrySet().iterator();
        while (oldest.hasNext()) {
            long whole = oldest.next().getValue();
            if (whole - nowNanos > 0 && wholeAt.size() <= mostKeys) {
                return;
            }
            oldest.remove();
        }
    }

    synchronized int keyCount() {
        return wholeAt.size();
    }
}
