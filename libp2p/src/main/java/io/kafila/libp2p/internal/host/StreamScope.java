package io.kafila.libp2p.internal.host;

import io.kafila.libp2p.internal.yamux.StreamBudget;

/** What one stream takes of the limits. Called in the event loop of its connection. */
public interface StreamScope extends StreamBudget {

    /** Accounts the stream to a protocol; {@code false} if that has too many. Only the first call counts. */
    boolean setProtocol(String protocol);
}
