package io.kafila.dag.unixfs;

import io.kafila.dag.DagException;
import org.jspecify.annotations.Nullable;

/** A source that cannot be imported: a file that cannot be read, entries out of order, a name that UnixFS cannot hold. */
public final class ImportException extends DagException {
    private static final long serialVersionUID = 1L;

    public ImportException(String message) {
        super(message);
    }

    public ImportException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
