package io.kafila.bitswap.internal.client;

import io.kafila.bitswap.internal.client.Want.Ask;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of a {@link Session} that races: when nothing is left to ask, idle peers are asked for the wants that slow ones
 * still owe, a few at a time and only where much is gained. Confined to its session.
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
        if (!asking.open.isEmpty() || asking.peers.size() < 2) {
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

    /** The want of another peer that gains most from being asked of {@code idle} too, if any gains enough. */
    private @Nullable Want slowest(SessionPeer idle, long now) {
        Want slowest = null;
        long most = 0;
        for (SessionPeer peer : asking.peers.values()) {
            if (peer == idle) {
                continue;
            }
            // One that has delivered nothing yet is as slow as it has kept one waiting, whatever is assumed of its
            // rate.
            long overdue = peer.lastDeliveredAt == Long.MIN_VALUE ? Long.MAX_VALUE : now - peer.lastDeliveredAt;
            long ahead = 0;
            for (Map.Entry<Want, Ask> entry : peer.asks.entrySet()) {
                Want want = entry.getKey();
                Ask ask = entry.getValue();
                ahead += ask.bytes;
                if (want.asks.size() > 1 || !asking.candidate(want, idle)) {
                    continue;
                }
                // What a peer has kept one waiting for, it may keep one waiting for again.
                long left = Math.max(peer.rate.nanosFor((double) ahead), Math.min(overdue, now - ask.sentAt));
                if (left > most && left > 2 * idle.etaNanos(want.estimatedBytes) + SessionOptions.RACE_MARGIN_NANOS) {
                    slowest = want;
                    most = left;
                }
            }
        }
        return slowest;
    }
}
