package io.kafila.blockstore.internal.store;

import io.kafila.blockstore.BlockstoreException;
import io.kafila.blockstore.StorageFullException;
import java.io.IOException;
import java.util.Random;

/**
 * What disk and index of a simulation share: the step at which the machine dies, and how often an operation fails. After
 * the crash everything throws {@link Crash} until {@link #restart}.
 */
final class SimulatedMachine {
    /** The machine has lost its power. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1L;

        Crash() {
            super("crash", null, false, false);
        }
    }

    final Random random;
    private long steps;
    private long crashAt = Long.MAX_VALUE;
    private boolean crashed;
    /** One operation in so many fails; 0 for none. */
    private int failsOneIn;

    SimulatedMachine(Random random) {
        this.random = random;
    }

    void crashAfter(long further) {
        crashAt = steps + further;
    }

    void failOneIn(int operations) {
        failsOneIn = operations;
    }

    boolean crashed() {
        return crashed;
    }

    long steps() {
        return steps;
    }

    void crash() {
        crashed = true;
    }

    void restart() {
        crashed = false;
        crashAt = Long.MAX_VALUE;
        failsOneIn = 0;
    }

    /** Every operation that changes something passes here first. */
    void step() {
        if (!crashed && ++steps >= crashAt) {
            crashed = true;
        }
        check();
    }

    void check() {
        if (crashed) {
            throw new Crash();
        }
    }

    boolean fails() {
        return failsOneIn > 0 && random.nextInt(failsOneIn) == 0;
    }

    IOException ioFailure(String what) {
        return random.nextBoolean()
                ? new io.kafila.blockstore.internal.disk.DiskFullException(what + ": No space left on device", null)
                : new IOException(what + ": Input/output error");
    }

    BlockstoreException indexFailure() {
        return random.nextBoolean()
                ? new StorageFullException("index: No space left on device")
                : new BlockstoreException("index: Input/output error");
    }
}
