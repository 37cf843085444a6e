package io.kafila.libp2p.internal.limits;

import io.kafila.libp2p.Connection.Direction;
import io.kafila.multiformats.PeerId;

/** What one connection holds. Thread-safe. */
public interface ConnectionScope extends AutoCloseable {

    /**
     * Moves the connection from the pending ones to its peer's account. Called once, after the handshake.
     *
     * @throws ResourceLimitException if the peer holds too much already
     */
    void setPeer(PeerId peer);

    /**
     * Opens the account of a stream whose protocol is not known yet.
     *
     * @throws ResourceLimitException if this connection, its peer or the system has too many streams, or too many
     *     are without a protocol
     */
    StreamScope openStream(Direction direction);

    /** Enters {@code bytes} in the accounts of connection, peer and system, or in none and answers {@code false}. */
    boolean tryReserve(long bytes);

    void release(long bytes);

    /** Gives everything back, also what its streams hold. Idempotent. */
    @Override
    void close();
}
