package io.kafila.blockstore;

import org.jspecify.annotations.Nullable;

/** A fault of the store or of the disk below it: the root of this module's errors. */
public class BlockstoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BlockstoreException(String message) {
        super(message);
    }

    public BlockstoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
