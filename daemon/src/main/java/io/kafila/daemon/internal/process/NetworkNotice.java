package io.kafila.daemon.internal.process;

import io.kafila.libp2p.SwarmKey;
import io.kafila.multiformats.Multiaddr;
import io.kafila.node.NodeOptions;
import io.kafila.node.config.BootstrapPeers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a daemon says of the network that it joins. */
final class NetworkNotice {
    private NetworkNotice() {}

    /** For a private network the two lines of Kubo, and always one that begins with {@code Network: }. */
    static List<String> lines(NodeOptions.Network network) {
        List<String> lines = new ArrayList<>();
        Optional<SwarmKey> key = network.swarmKey();
        if (key.isPresent()) {
            lines.add("Swarm is limited to private network of peers with the swarm key");
            lines.add("Swarm key fingerprint: " + key.get().fingerprint());
        }
        lines.add("Network: " + kind(network) + "; " + ways(network));
        return lines;
    }

    private static String kind(NodeOptions.Network network) {
        if (network.swarmKey().isPresent()) {
            return "private, of peers with the same swarm key";
        }
        boolean isPublic =
                network.bootstrap().stream().map(Multiaddr::toString).anyMatch(BootstrapPeers.PUBLIC::contains);
        return isPublic ? "the public IPFS network" : "no public one";
    }

    private static String ways(NodeOptions.Network network) {
        List<String> ways = new ArrayList<>();
        add(ways, network.bootstrap().size(), "bootstrap peer");
        add(ways, network.peering().size(), "static peer");
        if (network.mdns()) {
            ways.add("mDNS");
        }
        return ways.isEmpty()
                ? "no bootstrap peers, no static peers, no mDNS: it meets whoever connects"
                : "peers through " + String.join(", ", ways);
    }

    private static void add(List<String> ways, int count, String noun) {
        if (count > 0) {
            ways.add(count + " " + noun + (count == 1 ? "" : "s"));
        }
    }
}
