package io.kafila.libp2p;

import org.jspecify.annotations.Nullable;

/** A connection that broke or broke the rules of a protocol; it is closed. */
public class ConnectionException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    public ConnectionException(String message) {
        super(message);
    }

    public ConnectionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
