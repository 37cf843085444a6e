package io.kafila.node.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The peers that a node dials first, with {@code auto} replaced by what it stands for. Immutable.
 *
 * @param addresses each ends in {@code /p2p/<peer id>}
 * @param isPublic whether the peers of the public network are among them
 */
public record BootstrapPeers(List<String> addresses, boolean isPublic) {
    /**
     * The entries to the public network (boxo autoconf/fallbacks.go). Names and no raw addresses: whoever runs the machines
     * can move them.
     */
    public static final List<String> PUBLIC = List.of(
            "/dnsaddr/bootstrap.libp2p.io/p2p/QmNnooDu7bfjPFoTZYxMNLWUQJyrVwtbZg5gBMjTezGAJN",
            "/dnsaddr/bootstrap.libp2p.io/p2p/QmQCU2EcMqAqQPR2i9bChDtGNJchTbq5TbXJJ16u19uLTa",
            "/dnsaddr/bootstrap.libp2p.io/p2p/QmbLHAnMoJPWSCR5Zhtx6BHJX9KiKNN6tpvbUcqanj75Nb",
            "/dnsaddr/bootstrap.libp2p.io/p2p/QmcZf59bWwK5XFi76CZX8cbJ4BhTzzA3gU1ZjYZcYW3dwt",
            "/dnsaddr/va1.bootstrap.libp2p.io/p2p/12D3KooWKnDdG3iXw9eTFijk3EWSunZcFi54Zka4wmtqtt6rPxc8");

    /** Without a DHT there is nothing to be bootstrapped into; Kubo expands {@code auto} to nothing then. */
    private static final Set<String> WITHOUT_DHT = Set.of("none", "delegated");

    public BootstrapPeers {
        addresses = List.copyOf(addresses);
    }

    /**
     * What {@code Bootstrap} says, in its order. {@code auto} stands for {@link #PUBLIC}, once; for nothing in a private network, where
     * {@code AutoConf.Enabled} is false, or where {@code Routing.Type} leaves out the DHT.
     */
    public static BootstrapPeers of(Config config, boolean inPrivateNetwork) {
        boolean known = !inPrivateNetwork
                && config.flag("AutoConf.Enabled", true)
                && !WITHOUT_DHT.contains(config.text("Routing.Type", "auto"));
        List<String> addresses = new ArrayList<>();
        boolean seen = false;
        for (String entry : config.texts("Bootstrap")) {
            if (!entry.equals(Config.AUTO)) {
                addresses.add(entry);
            } else if (known && !seen) {
                seen = true;
                addresses.addAll(PUBLIC);
            }
        }
        return new BootstrapPeers(addresses, addresses.stream().anyMatch(PUBLIC::contains));
    }
}
