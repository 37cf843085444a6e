package io.kafila.dht.internal.wire;

import io.kafila.dht.DhtException;
import io.kafila.multiformats.MultiformatException;

/** A message that a peer should not have sent: malformed, or against the rules. Its blast radius is the stream. */
public final class WireException extends DhtException {
    private static final long serialVersionUID = 1L;

    public WireException(String message) {
        super("dht message: " + message);
    }

    /** A message that is malformed as {@code cause} says. */
    WireException(MultiformatException cause) {
        super("dht message: " + cause.getMessage(), cause);
    }
}
