package io.kafila.libp2p.internal.security.aead;

import org.jspecify.annotations.Nullable;

/** A message that fails authentication. Checked, because a stranger causes it and the caller must answer. */
public final class AeadException extends Exception {
    private static final long serialVersionUID = 1L;

    AeadException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
