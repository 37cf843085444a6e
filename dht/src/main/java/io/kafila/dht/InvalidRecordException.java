package io.kafila.dht;

import org.jspecify.annotations.Nullable;

/** A value that its key's {@link RecordValidator} refuses; the message says why. */
public class InvalidRecordException extends DhtException {
    private static final long serialVersionUID = 1L;

    public InvalidRecordException(String message) {
        super(message);
    }

    public InvalidRecordException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
