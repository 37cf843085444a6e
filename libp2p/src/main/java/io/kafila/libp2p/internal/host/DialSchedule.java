package io.kafila.libp2p.internal.host;

import io.kafila.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * When each address of one peer is dialed, without I/O: in the order of {@link DialRanking}, the next one when the one before
 * has failed or its head start is over, at most {@link #MAX_CONCURRENT} at once, none twice. Confined to one thread.
 */
final class DialSchedule {
    static final int MAX_CONCURRENT = 8;

    /** How many addresses of one peer are tried at all. */
    static final int MAX_ADDRESSES = 64;

    private static final long MILLI = 1_000_000;

    private final PriorityQueue<Multiaddr> waiting = new PriorityQueue<>(DialRanking.ORDER);
    private final Set<Multiaddr> seen = new HashSet<>();
    private int running;
    private long nextNanos;

    DialSchedule(long nowNanos) {
        this.nextNanos = nowNanos;
    }

    /** @return whether the address is new and was taken */
    boolean add(Multiaddr address) {
        if (seen.size() >= MAX_ADDRESSES || !seen.add(address)) {
            return false;
        }
        waiting.add(address);
        return true;
    }

    /** The addresses to dial now. */
    List<Multiaddr> due(long nowNanos) {
        List<Multiaddr> due = new ArrayList<>();
        while (running < MAX_CONCURRENT && nowNanos - nextNanos >= 0) {
            Multiaddr address = waiting.poll();
            if (address == null) {
                break;
            }
            due.add(address);
            running++;
            nextNanos = nowNanos + DialRanking.staggerMs(address) * MILLI;
        }
        return due;
    }

    void failed(long nowNanos) {
        running--;
        nextNanos = nowNanos;
    }

    /** In how many nanoseconds {@link #due} should be asked again; negative if only a failure can change the answer. */
    long waitNanos(long nowNanos) {
        if (waiting.isEmpty() || running >= MAX_CONCURRENT) {
            return -1;
        }
        return Math.max(0, nextNanos - nowNanos);
    }

    /** Whether nothing is being tried and nothing is left to try. */
    boolean isExhausted() {
        return running == 0 && waiting.isEmpty();
    }

    Collection<Multiaddr> seen() {
        return List.copyOf(seen);
    }
}
