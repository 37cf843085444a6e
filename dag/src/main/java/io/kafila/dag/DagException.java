package io.kafila.dag;

import org.jspecify.annotations.Nullable;

/** A fault of a block, a path or an archive: the root of this module's errors. */
public class DagException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DagException(String message) {
        super(message);
    }

    public DagException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
