package io.kafila.node;

import io.kafila.libp2p.Connection;
import io.kafila.libp2p.Host;
import io.kafila.libp2p.ResourceLimits;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The node's place in the network. Thread-safe. All but {@link #isOnline} throw an {@link OfflineException} where there is none. */
public final class Swarm {
    /** What others may take of a node's resources. */
    public static final ResourceLimits LIMITS = ResourceLimits.defaults();

    private final @Nullable Host host;
    private final @Nullable Peering peering;

    Swarm(@Nullable Host host, @Nullable Peering peering) {
        this.host = host;
        this.peering = peering;
    }

    public boolean isOnline() {
        return host != null;
    }

    /** What others dial to reach this node: each address ends in {@code /p2p/<peer id>}. */
    public List<Multiaddr> addresses() {
        return host().addresses().stream()
                .map(address -> address.withPeerId(host().peerId()))
                .toList();
    }

    /**
     * Connects to the peer that {@code address} names.
     *
     * @param address ends in {@code /p2p/<peer id>}
     */
    public CompletableFuture<Connection> connect(Multiaddr address) {
        PeerId peer = peerOf(address);
        Multiaddr transport = address.withoutPeerId();
        return host().connect(peer, transport.components().isEmpty() ? List.of() : List.of(transport));
    }

    /** Connects to one peer at any of several addresses, which all name it. */
    public CompletableFuture<Connection> connect(Collection<Multiaddr> addresses) {
        List<Multiaddr> transports = new ArrayList<>();
        PeerId peer = null;
        for (Multiaddr address : addresses) {
            PeerId named = peerOf(address);
            if (peer != null && !peer.equals(named)) {
                throw new IllegalArgumentException(
                        "swarm: addresses of " + peer + " and of " + named + ", want one peer");
            }
            peer = named;
            transports.add(address.withoutPeerId());
        }
        if (peer == null) {
            throw new IllegalArgumentException("swarm: no address to connect to");
        }
        return host().connect(peer, transports);
    }

    public CompletableFuture<Void> disconnect(PeerId peer) {
        return host().disconnect(peer);
    }

    public CompletableFuture<Duration> ping(PeerId peer) {
        return host().ping(peer);
    }

    public List<Connection> connections() {
        return host().connections();
    }

    /** The peers that are kept connected. */
    public Peering peering() {
        if (peering == null) {
            throw new OfflineException();
        }
        return peering;
    }

    /** The libp2p host below. */
    public Host host() {
        if (host == null) {
            throw new OfflineException();
        }
        return host;
    }

    private static PeerId peerOf(Multiaddr address) {
        return address.peerId()
                .orElseThrow(() -> new IllegalArgumentException(
                        "invalid peer address " + address + ": want /p2p/<peer id> at its end"));
    }
}
