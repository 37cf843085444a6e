package io.kafila.libp2p.internal.host;

import io.kafila.multiformats.PeerId;
import org.jspecify.annotations.Nullable;

/** What one connection takes of the limits. Thread-safe. */
public interface ConnectionScope extends AutoCloseable {

    /** Accounts the connection to the peer that it proved to be; {@code false} if that has too many. */
    boolean setPeer(PeerId peer);

    /** The scope of a new stream, with the initial window reserved; {@code null} refuses it. */
    @Nullable
    StreamScope openStream(boolean inbound);

    /** Idempotent. */
    @Override
    void close();
}
