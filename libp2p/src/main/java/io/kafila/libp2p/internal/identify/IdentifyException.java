package io.kafila.libp2p.internal.identify;

import io.kafila.libp2p.Libp2pException;
import org.jspecify.annotations.Nullable;

/** A message of identify, or a signed peer record, that is malformed or untrue. */
public final class IdentifyException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    IdentifyException(String message) {
        this(message, null);
    }

    IdentifyException(String message, @Nullable Throwable cause) {
        super("identify: " + message, cause);
    }
}
