package io.kafila.bitswap.internal.client;

import io.kafila.bitswap.internal.client.Want.Ask;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of a {@link Session} that races: when nothing is left to ask, idle peers are asked for the wants that slow ones
 * still owe, a few at a time and only where much is gained; for the first want of all they are asked at any time. Confined
 * to its session.
 */
final class EndGame {
    private final Asking asking;
    private long racedAsks;

    EndGame(Asking asking) {
        this.asking = asking;
    }

    /** How many asks were duplicates on purpose. */
    long racedAsks() {
        return racedAsks;
    }

    /** Gives the last wants of slow peers also to idle ones. */
    void race(long now) {
        if (asking.peers.size() < 2) {
            return;
        }
        int raced = 0;
        for (SessionPeer peer : asking.peers.values()) {
            for (Want want : peer.asks.keySet()) {
                raced += want.asks.size() > 1 ? 1 : 0;
            }
        }
        // Each is counted at both of its asking.peers.
        raced /= 2;
        if (raced < SessionOptions.MAX_RACED) {
            raced += raceForTheFirst(now);
        }
        if (!asking.open.isEmpty()) {
            return;
        }
        for (SessionPeer idle : asking.peers.values()) {
            while (raced < SessionOptions.MAX_RACED && idle.useful && idle.timeoutsInRow == 0 && idle.asks.size() < 2) {
                Want want = slowest(idle, now);
                if (want == null) {
                    break;
                }
                asking.ask(want, idle, false, now);
                raced++;
                racedAsks++;
            }
        }
    }

    /**
     * A reader in order waits for the first want, and soon all others for the reader: where a slow peer owes it, a faster one is
     * asked as well, though it has other things to do.
     */
    private int raceForTheFirst(long now) {
        Want first = null;
        long left = 0;
        for (SessionPeer peer : asking.peers.values()) {
            for (Map.Entry<Want, Ask> entry : peer.asks.entrySet()) {
                if (first == null || entry.getKey().order < first.order) {
                    first = entry.getKey();
                    left = left(peer, entry.getValue(), entry.getValue().bytes, now);
                }
                break; // in the order in which they were sent
            }
        }
        if (first == null || first.asks.size() > 1) {
            return 0;
        }
        SessionPeer best = null;
        for (SessionPeer peer : asking.peers.values()) {
            if (peer.useful
                    && peer.delivered > 0
                    && peer.timeoutsInRow == 0
                    && asking.candidate(first, peer)
                    && (best == null || peer.etaNanos(first.estimatedBytes) < best.etaNanos(first.estimatedBytes))) {
                best = peer;
            }
        }
        if (best == null || left <= 2 * best.etaNanos(first.estimatedBytes) + SessionOptions.RACE_MARGIN_NANOS) {
            return 0;
        }
        asking.ask(first, best, false, now);
        racedAsks++;
        return 1;
    }

    /** How long a peer is likely to take for what it owes up to an ask; what it has kept one waiting for, it may again. */
    private static long left(SessionPeer peer, Ask ask, long bytesUpToIt, long now) {
        long waited = now - Math.max(ask.sentAt, peer.lastDeliveredAt);
        return Math.max(peer.rate.nanosFor((double) bytesUpToIt), waited);
    }

    /** The want of another peer that gains most from being asked of {@code idle} too, if any gains enough. */
    private @Nullable Want slowest(SessionPeer idle, long now) {
        Want slowest = null;
        long most = 0;
        for (SessionPeer peer : asking.peers.values()) {
            if (peer == idle) {
                continue;
            }
            long ahead = 0;
            for (Map.Entry<Want, Ask> entry : peer.asks.entrySet()) {
                Want want = entry.getKey();
                Ask ask = entry.getValue();
                ahead += ask.bytes;
                if (want.asks.size() > 1 || !asking.candidate(want, idle)) {
                    continue;
                }
                long left = left(peer, ask, ahead, now);
                if (left > most && left > 2 * idle.etaNanos(want.estimatedBytes) + SessionOptions.RACE_MARGIN_NANOS) {
                    slowest = want;
                    most = left;
                }
            }
        }
        return slowest;
    }
}
