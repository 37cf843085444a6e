package io.kafila.libp2p;

import org.jspecify.annotations.Nullable;

/** A stream that broke: reset by either side, or its connection died. Only that stream is affected. */
public class StreamException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    public StreamException(String message) {
        super(message);
    }

    public StreamException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
