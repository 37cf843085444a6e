package io.kafila.naming;

import org.jspecify.annotations.Nullable;

/** A fault of a name, a record or a key: the root of this package's errors. The messages are those that Kubo's clients know. */
public class NamingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NamingException(String message) {
        super(message);
    }

    public NamingException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
