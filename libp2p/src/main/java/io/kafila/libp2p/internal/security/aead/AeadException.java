package io.kafila.libp2p.internal.security.aead;

import org.jspecify.annotations.Nullable;

/** A message that fails authentication. Checked, because a stranger causes it and the caller must answer. */
public final class AeadException extends Exception {
    private static final long serialVersionUID = 1L;

    AeadException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The one for a message of the right form that is not what the other side sealed. */
    static AeadException forged(long nonce, @Nullable Throwable cause) {
        return new AeadException("message " + nonce + " fails authentication", cause);
    }
}
