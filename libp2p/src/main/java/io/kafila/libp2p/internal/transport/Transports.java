package io.kafila.libp2p.internal.transport;

import io.kafila.multiformats.Multiaddr;
import java.util.List;
import java.util.Optional;

/** The transports of a host, asked in their order. Immutable. */
public final class Transports {
    private final List<Transport> transports;

    public Transports(List<Transport> transports) {
        this.transports = List.copyOf(transports);
    }

    public static Transports standard(LoopGroups loops) {
        return new Transports(List.of(new TcpTransport(loops), new MemoryTransport(loops)));
    }

    /** The transport for an address without {@code /p2p}. */
    public Optional<Transport> transportFor(Multiaddr address) {
        return transports.stream()
                .filter(transport -> transport.handles(address))
                .findFirst();
    }
}
