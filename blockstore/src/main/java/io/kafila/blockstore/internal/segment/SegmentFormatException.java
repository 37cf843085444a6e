package io.kafila.blockstore.internal.segment;

import io.kafila.blockstore.BlockstoreException;

/** Bytes that are no header or trailer of a segment. */
public final class SegmentFormatException extends BlockstoreException {
    private static final long serialVersionUID = 1L;

    public SegmentFormatException(String message) {
        super(message);
    }
}
