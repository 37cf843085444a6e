package io.kafila.libp2p.internal.yamux;

/** The memory that the receive window of one stream may take. Called in the session's event loop. */
public interface StreamBudget extends AutoCloseable {

    /** Takes {@code bytes} more, or answers {@code false} and takes nothing. */
    boolean reserve(int bytes);

    void release(int bytes);

    /** The stream is gone; gives back all that is still reserved. */
    @Override
    void close();
}
