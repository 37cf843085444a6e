package io.kafila.dht.internal.net;

import java.util.concurrent.Executor;

/**
 * The one thread that a DHT is confined to, and its time: a real one over an executor, or the virtual one of a simulation,
 * which many nodes share. Tasks run one at a time, in the order in which they were given.
 */
public interface DhtLoop extends Executor {

    /** Runs a task later, never within the call. Dropped once the loop is closed. */
    @Override
    void execute(Runnable task);

    /** Runs a task in the loop after a while; the answer withdraws it, and is called in the loop. */
    Runnable schedule(long delayNanos, Runnable task);

    /** Time that only goes forward, with any origin. */
    long nanoTime();

    /** Milliseconds since 1970, for what outlives the process. */
    long currentTimeMillis();

    /** Whether the caller runs in the loop. A simulation of one thread says yes. */
    boolean inLoop();
}
