package io.kafila.libp2p;

import io.kafila.libp2p.internal.transport.LoopGroups;

/**
 * Threads that several hosts of one JVM may share: give one to each {@link HostBuilder#eventLoops}, and close it after the
 * last host. Thread-safe.
 */
public final class EventLoops implements AutoCloseable {
    private final LoopGroups groups;

    private EventLoops(LoopGroups groups) {
        this.groups = groups;
    }

    /** @param threads for sockets; as many more, if it is ever used, for the memory transport */
    public static EventLoops create(int threads) {
        return new EventLoops(new LoopGroups(threads));
    }

    LoopGroups groups() {
        return groups;
    }

    /** Ends the threads; waits for them, unless called from one of them. Idempotent. */
    @Override
    public void close() {
        groups.close();
    }
}
