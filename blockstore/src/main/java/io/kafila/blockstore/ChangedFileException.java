package io.kafila.blockstore;

import java.nio.file.Path;

/** A user's file that no longer holds the bytes that were referenced. The message names file, offset and Cid. */
public final class ChangedFileException extends BlockstoreException {
    private static final long serialVersionUID = 1L;

    private final transient Path file;

    public ChangedFileException(Path file, String message) {
        super(message);
        this.file = file;
    }

    public Path file() {
        return file;
    }
}
