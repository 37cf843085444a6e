package io.kafila.dht;

import org.jspecify.annotations.Nullable;

/** A fault of the DHT or of those who form it: the root of this module's errors. */
public class DhtException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DhtException(String message) {
        super(message);
    }

    public DhtException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
