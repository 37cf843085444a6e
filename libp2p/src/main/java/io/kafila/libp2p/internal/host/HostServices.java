package io.kafila.libp2p.internal.host;

import io.kafila.libp2p.BandwidthCounter;
import io.kafila.libp2p.ConnectionFilter;
import io.kafila.libp2p.IdentifyInfo;
import io.kafila.libp2p.Peerstore;
import io.kafila.libp2p.ResourceManager;
import io.kafila.libp2p.internal.limits.ResourceScopes;
import io.kafila.multiformats.PeerId;

/** What a host keeps of peers and what it allows them. Thread-safe; calls come from event loops and must not block. */
public interface HostServices extends AutoCloseable {

    Peerstore peerstore();

    ConnectionFilter filter();

    ResourceManager resources();

    BandwidthCounter bandwidth();

    ResourceScopes scopes();

    void onIdentified(PeerId peer, IdentifyInfo info);

    void onSent(PeerId peer, String protocol, int bytes);

    void onReceived(PeerId peer, String protocol, int bytes);

    @Override
    void close();
}
