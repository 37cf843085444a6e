package io.kafila.bitswap;

import org.jspecify.annotations.Nullable;

/** A fault of the exchange or of a peer in it: the root of this module's errors. */
public class BitswapException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BitswapException(String message) {
        super(message);
    }

    public BitswapException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
