package io.kafila.bitswap.internal.client;

import io.kafila.multiformats.PeerId;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a session has learnt of a peer. Confined to its session. */
final class SessionPeer {
    final PeerId id;
    /** Whether the peer knows WANT-HAVE; one that does not is asked for blocks only. */
    final boolean presences;

    final RateEstimator rate = new RateEstimator();
    /** The unanswered WANT-BLOCKs in the order in which they were sent. */
    final Map<Want, Want.Ask> asks = new LinkedHashMap<>();

    long outstandingBytes;
    /** Whether the peer has shown that it has blocks of this session. */
    boolean useful;
    /** How many blocks it has delivered since it last had to prove itself. */
    long delivered;

    /** The wants about which it was asked whether it has them, and has not answered. */
    int presencesAsked;
    /**
     * All that it was asked about came from others before it answered, so that it is not known to be useful, and nothing
     * is stuck for which it would be asked again.
     */
    boolean unheard;

    int missesInRow;
    long hits;
    long misses;
    int timeoutsInRow;
    long nextOrder;
    /** The highest order of an ask that was answered: those below were overtaken. */
    long answeredOrder = -1;

    long lastDeliveredAt = Long.MIN_VALUE;

    SessionPeer(PeerId id, boolean presences) {
        this.id = id;
        this.presences = presences;
    }

    boolean hasRoom(long bytes, long budgetBytes) {
        if (asks.isEmpty()) {
            return true;
        }
        if (timeoutsInRow > 0) {
            return false;
        }
        if (delivered == 0) {
            return asks.size() < SessionOptions.UNPROVEN_WANTS;
        }
        return asks.size() < SessionOptions.MAX_WANTS_PER_PEER && outstandingBytes + bytes <= windowBytes(budgetBytes);
    }

    private long windowBytes(long budgetBytes) {
        double seconds = (double) (SessionOptions.WINDOW_NANOS + rate.latencyNanos()) / 1e9;
        long byRate = (long) (rate.bytesPerSecond() * seconds);
        return Math.min(budgetBytes, Math.max(SessionOptions.MIN_WINDOW_BYTES, byRate));
    }

    /** When a block of {@code bytes}, asked for now, will be here. */
    long etaNanos(long bytes) {
        return rate.latencyNanos() + rate.nanosFor((double) outstandingBytes + bytes);
    }

    /** Keeps to what it says: 1 for a peer that has all it was asked for. */
    double hitRate() {
        return (hits + 4.0) / (hits + misses + 4.0);
    }

    void add(Want want, Want.Ask ask) {
        asks.put(want, ask);
        outstandingBytes += ask.bytes;
    }

    /** Takes an ask back, however it ended. */
    Want.Ask remove(Want want) {
        Want.Ask ask = asks.remove(want);
        if (ask == null) {
            throw new IllegalStateException("peer " + id + " was not asked for " + want.cid);
        }
        outstandingBytes -= ask.bytes;
        return ask;
    }

    @Override
    public String toString() {
        return id + "[" + asks.size() + " asks, " + outstandingBytes + " bytes, " + (long) rate.bytesPerSecond()
                + " B/s]";
    }
}
