package io.kafila.libp2p.internal.identify;

import io.kafila.libp2p.Libp2pException;
import io.kafila.multiformats.MultiformatException;
import org.jspecify.annotations.Nullable;

/** A message of identify, or a signed peer record, that is malformed or untrue. */
public final class IdentifyException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    IdentifyException(String message) {
        this(message, null);
    }

    /** A message that is malformed as {@code cause} says. */
    IdentifyException(MultiformatException cause) {
        super("identify: " + cause.getMessage(), cause);
    }

    IdentifyException(String message, @Nullable Throwable cause) {
        super("identify: " + message, cause);
    }
}
