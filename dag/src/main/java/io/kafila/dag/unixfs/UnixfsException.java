package io.kafila.dag.unixfs;

import io.kafila.dag.DagException;
import org.jspecify.annotations.Nullable;

/** A block that breaks UnixFS, or one that is not of the kind that was asked for. The message names the Cid. */
public final class UnixfsException extends DagException {
    private static final long serialVersionUID = 1L;

    public UnixfsException(String message) {
        super(message);
    }

    public UnixfsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
