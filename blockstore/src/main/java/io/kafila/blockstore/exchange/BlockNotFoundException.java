package io.kafila.blockstore.exchange;

import io.kafila.blockstore.BlockstoreException;
import io.kafila.multiformats.Cid;

/** A block that is neither in the local store nor can be fetched. */
public final class BlockNotFoundException extends BlockstoreException {
    private static final long serialVersionUID = 1L;

    private final transient Cid cid;

    /** The message is the one that Kubo's clients know: {@code block was not found locally (offline): ipld: could not find <cid>}. */
    public BlockNotFoundException(Cid cid) {
        super("block was not found locally (offline): ipld: could not find " + cid);
        this.cid = cid;
    }

    public Cid cid() {
        return cid;
    }
}
