package io.kafila.libp2p.internal.limits;

import io.kafila.libp2p.Libp2pException;

/** A connection or stream that was refused because an account is full. */
public final class ResourceLimitException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    ResourceLimitException(String message) {
        super("resource limit: " + message);
    }
}
