package io.kafila.libp2p.internal.limits;

/** What one stream holds. Thread-safe. */
public interface StreamScope extends AutoCloseable {

    /**
     * Moves the stream from those without a protocol to the account of its protocol. Called once.
     *
     * @throws ResourceLimitException if the protocol holds too much already
     */
    void setProtocol(String protocol);

    /**
     * Enters {@code bytes} in the accounts of stream, protocol, connection, peer and system, or in none and answers
     * {@code false}.
     */
    boolean tryReserve(long bytes);

    void release(long bytes);

    /** Gives everything back. Idempotent. */
    @Override
    void close();
}
