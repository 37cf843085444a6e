package io.kafila.blockstore;

/** A put that was refused because it would pass the configured maximum or because the disk is full. Nothing was stored. */
public final class StorageFullException extends BlockstoreException {
    private static final long serialVersionUID = 1L;

    public StorageFullException(String message) {
        super(message);
    }
}
