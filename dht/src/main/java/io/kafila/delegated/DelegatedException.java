package io.kafila.delegated;

import org.jspecify.annotations.Nullable;

/** A delegated router that answers wrongly or not at all. */
public final class DelegatedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DelegatedException(String message) {
        super(message);
    }

    public DelegatedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
