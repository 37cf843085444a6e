package io.kafila.libp2p.internal.host;

import io.kafila.multiformats.Multiaddr;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Addresses that failed lately and are left alone for a while: 5 s, growing with the square of the failures to 5 minutes, as in
 * go-libp2p. Remembers a bounded number. Thread-safe.
 */
final class DialBackoff {
    static final int MAX_ADDRESSES = 4096;

    private static final long SECOND = 1_000_000_000L;
    private static final long BASE_NANOS = 5 * SECOND;
    private static final long MAX_NANOS = 300 * SECOND;

    private record Failures(int count, long untilNanos) {}

    private final Map<Multiaddr, Failures> failed = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Multiaddr, Failures> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    synchronized boolean isBackingOff(Multiaddr address, long nowNanos) {
        Failures failures = failed.get(address);
        return failures != null && nowNanos - failures.untilNanos() < 0;
    }

    synchronized void onFailure(Multiaddr address, long nowNanos) {
        Failures before = failed.remove(address);
        int count = before == null ? 1 : before.count() + 1;
        long wait = Math.min(MAX_NANOS, BASE_NANOS + (long) (count - 1) * (count - 1) * SECOND);
        failed.put(address, new Failures(count, nowNanos + wait));
    }

    synchronized void onSuccess(Multiaddr address) {
        failed.remove(address);
    }

    synchronized int size() {
        return failed.size();
    }
}
