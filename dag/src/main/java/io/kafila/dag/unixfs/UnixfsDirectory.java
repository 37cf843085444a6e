package io.kafila.dag.unixfs;

import io.kafila.blockstore.Cursor;
import io.kafila.blockstore.exchange.BlockSource;
import io.kafila.dag.unixfs.internal.DirectoryCursor;
import io.kafila.dag.unixfs.internal.HamtLookup;
import io.kafila.multiformats.Cid;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The entries of directories, plain or sharded. A Cid that is no directory is a {@link UnixfsException} in the future. */
public final class UnixfsDirectory {
    private UnixfsDirectory() {}

    /** Every entry, in the order of the links: by name where it is plain, by the names' hashes where it is sharded. */
    public static Cursor<DirectoryEntry> list(BlockSource source, Cid directory) {
        return new DirectoryCursor(source, directory);
    }

    /** What lies under a name; empty where nothing does. Reads one block, or one for each level of shards. */
    public static CompletableFuture<Optional<Cid>> lookup(BlockSource source, Cid directory, String name) {
        return new HamtLookup(source, name).in(directory);
    }
}
