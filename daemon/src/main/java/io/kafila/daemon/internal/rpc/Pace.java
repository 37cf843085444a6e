package io.kafila.daemon.internal.rpc;

import io.kafila.daemon.internal.command.CommandException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How long a client keeps its command waiting, to send a piece of the body or to take a piece of the answer. Only waiting
 * for the client counts, and each {@link #PORTION_BYTES} that move wipe the slate: so a client that trickles bytes is as slow
 * as one that stands still, and a command that works for hours is not slow at all. Thread-safe.
 */
final class Pace {
    /** So much moves in good time. */
    static final int PORTION_BYTES = 64 * 1024;

    private final LongSupplier nanoClock;
    private final long longestNanos;
    private long movedBytes;
    private long waitedNanos;
    private long waitingSince;
    private boolean waiting;

    /** @param longestNanos of waiting for one portion, after which {@link #await} fails */
    Pace(LongSupplier nanoClock, long longestNanos) {
        this.nanoClock = nanoClock;
        this.longestNanos = longestNanos;
    }

    /** Waits on a monitor, which the caller holds, to be notified; as {@link Object#wait()} it may return for no reason. */
    void await(Object monitor) throws InterruptedException {
        long left = longestNanos - begin();
        try {
            if (left <= 0) {
                throw new CommandException("the client kept this command waiting for more than "
                        + TimeUnit.NANOSECONDS.toSeconds(longestNanos) + " s to move " + PORTION_BYTES + " bytes");
            }
            TimeUnit.NANOSECONDS.timedWait(monitor, left);
        } finally {
            end();
        }
    }

    /** The command waits for the client from now on; answers how long it has waited for this portion already. */
    synchronized long begin() {
        waiting = true;
        waitingSince = nanoClock.getAsLong();
        return waitedNanos;
    }

    /** The command goes on. */
    synchronized void end() {
        waitedNanos += nanoClock.getAsLong() - waitingSince;
        waiting = false;
    }

    synchronized void moved(int bytes) {
        movedBytes += bytes;
        if (movedBytes >= PORTION_BYTES) {
            movedBytes = 0;
            waitedNanos = 0;
        }
    }

    /** How long the client has been waited for within the present portion; 0 while it is not waited for. */
    synchronized long slowNanos() {
        return waiting ? waitedNanos + nanoClock.getAsLong() - waitingSince : 0;
    }
}
