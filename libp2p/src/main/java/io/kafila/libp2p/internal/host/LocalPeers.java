package io.kafila.libp2p.internal.host;

import io.kafila.libp2p.Peerstore;
import io.kafila.libp2p.internal.mdns.MulticastDiscovery;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import java.util.List;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Dials the peers that are found in the local network. In an event loop. */
final class LocalPeers implements MulticastDiscovery.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(LocalPeers.class);

    private final Libp2pHost host;

    private LocalPeers(Libp2pHost host) {
        this.host = host;
    }

    /** @throws io.kafila.libp2p.Libp2pException if there can be no discovery on this machine */
    static MulticastDiscovery discover(Libp2pHost host, HostEnvironment environment) {
        return MulticastDiscovery.start(
                environment.loops(),
                host.peerId(),
                host::addresses,
                new LocalPeers(host),
                () -> environment.nanoClock().getAsLong() / 1_000_000,
                new SplittableRandom(environment.random().nextLong()));
    }

    @Override
    public void onFound(PeerId peer, List<Multiaddr> addresses) {
        host.counters().add("mdns:found");
        if (!host.connections(peer).isEmpty()) {
            return;
        }
        host.peerstore().addAddresses(peer, addresses, Peerstore.RECENTLY_CONNECTED_TTL);
        host.connect(peer, addresses).whenComplete((connection, failure) -> {
            if (failure != null) {
                LOG.debug("mdns: {} cannot be reached: {}", peer, failure.getMessage());
            }
        });
    }

    @Override
    public void onRefused(String what) {
        host.counters().add("mdns:" + what);
    }
}
