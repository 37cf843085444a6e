package io.kafila.blockstore;

import io.kafila.multiformats.Cid;

/** Bytes that do not hash to the Cid under which they were found. The message names the Cid and the place. */
public final class CorruptBlockException extends BlockstoreException {
    private static final long serialVersionUID = 1L;

    private final transient Cid cid;

    public CorruptBlockException(Cid cid, String place) {
        super("corrupt block " + cid + " in " + place + ": the bytes do not match the hash");
        this.cid = cid;
    }

    public Cid cid() {
        return cid;
    }
}
