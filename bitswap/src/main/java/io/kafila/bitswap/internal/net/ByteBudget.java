package io.kafila.bitswap.internal.net;

import io.kafila.multiformats.PeerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of messages that are received and not yet done with, bounded in all and per peer. Reservations are made for a
 * whole message before it is read, so that those who hold one can always finish. What those who wait have read already
 * is parked, within bounds of its own. Thread-safe.
 */
public final class ByteBudget {
    /** What a peer gets also where others have taken everything, so that they cannot silence it: 64 KiB of 32 MiB. */
    private static final int FLOOR_SHARE = 512;

    /** What may be parked, as a share of what may be received. */
    private static final int PARKED_SHARE = 4;

    /** What one stream reads before it has to wait, so that a peer with one stream always finds room to. */
    private static final long LEAST_PARKED_BYTES = InboundStream.HEAD_BYTES;

    private final long maxBytes;
    private final long maxBytesPerPeer;
    private final Map<PeerId, Long> byPeer = new HashMap<>();
    private final Map<PeerId, Long> parkedByPeer = new HashMap<>();
    /** By what is called when they may ask again; in the order of their coming. */
    private final Map<Runnable, Waiter> waiters = new LinkedHashMap<>();

    private long total;
    private long parked;

    private record Waiter(PeerId peer, int bytes) {}

    /** A share of the budget. */
    public static final class Reservation implements AutoCloseable {
        private final Runnable release;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Reservation(Runnable release) {
            this.release = release;
        }

        /** Gives the share back. Idempotent. */
        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                release.run();
            }
        }
    }

    /** Either bound is passed by one message where nothing else is held, and the first by the floor of each peer. */
    public ByteBudget(long maxBytes, long maxBytesPerPeer) {
        this.maxBytes = maxBytes;
        this.maxBytesPerPeer = maxBytesPerPeer;
    }

    /**
     * A share of {@code bytes}, or {@code null} if there is none now; then {@code retry} is called, once, in some thread,
     * when it may be asked for again.
     */
    public @Nullable Reservation reserve(PeerId peer, int bytes, Runnable retry) {
        synchronized (this) {
            if (!fits(peer, bytes)) {
                waiters.put(retry, new Waiter(peer, bytes));
                return null;
            }
            take(peer, bytes);
        }
        return new Reservation(() -> release(peer, bytes));
    }

    /** Forgets one who waits, by its {@code retry}. */
    synchronized void withdraw(Runnable retry) {
        waiters.remove(retry);
    }

    /** Whether somebody waits for a share. */
    synchronized boolean isContended() {
        return !waiters.isEmpty();
    }

    /** Accounts for bytes that one who waits has read already; {@code false} if there is no room for them. */
    synchronized boolean park(PeerId peer, int bytes) {
        long held = parkedByPeer.getOrDefault(peer, 0L);
        if (held + bytes > Math.max(LEAST_PARKED_BYTES, maxBytesPerPeer / PARKED_SHARE)
                || parked + bytes > Math.max(LEAST_PARKED_BYTES, maxBytes / PARKED_SHARE)) {
            return false;
        }
        parkedByPeer.put(peer, held + bytes);
        parked += bytes;
        return true;
    }

    /** The bytes are not parked any more. */
    synchronized void unpark(PeerId peer, int bytes) {
        parked -= bytes;
        long held = parkedByPeer.merge(peer, (long) -bytes, Long::sum);
        if (held == 0) {
            parkedByPeer.remove(peer);
        }
    }

    synchronized long parkedBytes() {
        return parked;
    }

    /** A share of nothing. */
    static Reservation none() {
        return new Reservation(() -> {});
    }

    public synchronized long reservedBytes() {
        return total;
    }

    public synchronized long reservedBytes(PeerId peer) {
        return byPeer.getOrDefault(peer, 0L);
    }

    private boolean fits(PeerId peer, int bytes) {
        long held = byPeer.getOrDefault(peer, 0L);
        return (held == 0 || held + bytes <= maxBytesPerPeer)
                && (total == 0 || total + bytes <= maxBytes || held + bytes <= maxBytes / FLOOR_SHARE);
    }

    private void take(PeerId peer, int bytes) {
        byPeer.merge(peer, (long) bytes, Long::sum);
        total += bytes;
    }

    private void release(PeerId peer, int bytes) {
        List<Runnable> retries = new ArrayList<>();
        synchronized (this) {
            total -= bytes;
            long held = byPeer.merge(peer, (long) -bytes, Long::sum);
            if (held == 0) {
                byPeer.remove(peer);
            }
            // All that fit one by one are told: who of them is gone meanwhile does not keep the others waiting.
            for (Iterator<Map.Entry<Runnable, Waiter>> all = waiters.entrySet().iterator(); all.hasNext(); ) {
                Map.Entry<Runnable, Waiter> waiter = all.next();
                if (fits(waiter.getValue().peer, waiter.getValue().bytes)) {
                    all.remove();
                    retries.add(waiter.getKey());
                }
            }
        }
        retries.forEach(Runnable::run);
    }
}
