package io.kafila.blockstore.internal.disk;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A write for which the file system or the user's quota has no space. */
public final class DiskFullException extends IOException {
    private static final long serialVersionUID = 1L;

    public DiskFullException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
