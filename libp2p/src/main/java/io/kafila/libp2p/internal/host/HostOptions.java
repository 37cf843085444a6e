package io.kafila.libp2p.internal.host;

import io.kafila.libp2p.SwarmKey;
import io.kafila.libp2p.internal.security.SecureChannelUpgrader;
import io.kafila.libp2p.internal.yamux.YamuxOptions;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PrivateKey;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a host is made of.
 *
 * @param securities most wanted first
 * @param announce instead of the listening addresses, unless empty
 * @param noAnnounce addresses and {@code /ipcidr} ranges
 * @param localDiscovery whether to look for peers in the local network, and to be found there
 * @param swarmKey the private network to keep to; {@code null} for the public one
 */
public record HostOptions(
        PrivateKey key,
        String agentVersion,
        List<Multiaddr> listen,
        List<SecureChannelUpgrader> securities,
        List<Multiaddr> announce,
        List<Multiaddr> appendAnnounce,
        List<Multiaddr> noAnnounce,
        int lowWater,
        int highWater,
        Duration grace,
        YamuxOptions yamux,
        @Nullable SwarmKey swarmKey,
        boolean localDiscovery) {
    public HostOptions {
        listen = List.copyOf(listen);
        securities = List.copyOf(securities);
        announce = List.copyOf(announce);
        appendAnnounce = List.copyOf(appendAnnounce);
        noAnnounce = List.copyOf(noAnnounce);
        if (securities.isEmpty()) {
            throw new IllegalArgumentException("host: no secure channel, want at least one of TLS and Noise");
        }
    }
}
