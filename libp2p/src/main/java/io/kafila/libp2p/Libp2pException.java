package io.kafila.libp2p;

import org.jspecify.annotations.Nullable;

/** A fault of the network or of a peer: the root of this module's errors. */
public class Libp2pException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Libp2pException(String message) {
        super(message);
    }

    public Libp2pException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
