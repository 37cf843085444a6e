package io.kafila.bitswap.internal.wire;

import io.kafila.bitswap.BitswapException;
import org.jspecify.annotations.Nullable;

/** A message that breaks the protocol or a limit. The fault is the sender's, and the stream it came on is of no further use. */
public final class WireException extends BitswapException {
    private static final long serialVersionUID = 1L;

    public WireException(String message) {
        super(message);
    }

    public WireException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
