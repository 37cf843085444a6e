package io.kafila.multiformats;

import java.io.Serial;

/** Text or bytes that are not the value they claim to be; the message names the value, what was seen and what was wanted. */
public class MultiformatException extends IllegalArgumentException {
    @Serial
    private static final long serialVersionUID = 1;

    public MultiformatException(String message) {
        super(message);
    }

    public MultiformatException(String message, Throwable cause) {
        super(message, cause);
    }
}
