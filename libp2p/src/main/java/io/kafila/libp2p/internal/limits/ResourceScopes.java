package io.kafila.libp2p.internal.limits;

import io.kafila.libp2p.Connection.Direction;
import io.kafila.multiformats.Multiaddr;

/** Where connections are entered in the accounts. Thread-safe. */
public interface ResourceScopes {

    /**
     * Opens the account of a connection whose handshake is about to begin.
     *
     * @throws ResourceLimitException if the system has too many, too many handshakes are under way, or too many come from
     *     the host of {@code remote}
     */
    ConnectionScope openConnection(Direction direction, Multiaddr remote);
}
