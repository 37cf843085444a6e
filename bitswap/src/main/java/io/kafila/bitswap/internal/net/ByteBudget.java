package io.kafila.bitswap.internal.net;

import io.kafila.multiformats.PeerId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of messages that are received and not yet done with, bounded in all and per peer. Reservations are made for a
 * whole message before it is read, so that those who hold one can always finish. Thread-safe.
 */
public final class ByteBudget {
    private final long maxBytes;
    private final long maxBytesPerPeer;
    private final Map<PeerId, Long> byPeer = new HashMap<>();
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private long total;

    private record Waiter(PeerId peer, int bytes, Runnable granted) {}

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

    /** Either bound is passed by one message where nothing else is held: a message always fits at last. */
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
                waiters.add(new Waiter(peer, bytes, retry));
                return null;
            }
            take(peer, bytes);
        }
        return new Reservation(() -> release(peer, bytes));
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
        return (held == 0 || held + bytes <= maxBytesPerPeer) && (total == 0 || total + bytes <= maxBytes);
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
            for (Iterator<Waiter> all = waiters.iterator(); all.hasNext(); ) {
                Waiter waiter = all.next();
                if (fits(waiter.peer, waiter.bytes)) {
                    all.remove();
                    retries.add(waiter.granted);
                }
            }
        }
        retries.forEach(Runnable::run);
    }
}
