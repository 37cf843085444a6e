package io.kafila.libp2p.internal.host;

import io.kafila.libp2p.internal.transport.LoopGroups;
import io.kafila.libp2p.internal.transport.NameLookup;
import io.kafila.libp2p.internal.transport.Transports;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What a host finds around it: threads, time, randomness, names and interfaces.
 *
 * @param ownsLoops whether closing the host ends the threads
 * @param nanoClock monotonic
 */
public record HostEnvironment(
        LoopGroups loops,
        boolean ownsLoops,
        Transports transports,
        NameLookup names,
        Clock clock,
        LongSupplier nanoClock,
        Random random,
        Supplier<List<InetAddress>> interfaces)
        implements AutoCloseable {

    @Override
    public void close() {
        if (ownsLoops) {
            loops.close();
        }
    }
}
