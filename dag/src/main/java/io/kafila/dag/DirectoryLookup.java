package io.kafila.dag;

import io.kafila.blockstore.exchange.BlockSource;
import io.kafila.multiformats.Cid;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** How a name is looked up in a dag-pb node of an /ipfs/ path: UnixFS directories, sharded or not. Thread-safe. */
@FunctionalInterface
public interface DirectoryLookup {

    /** What the entry {@code name} of the directory links to, empty where there is no such entry. */
    CompletableFuture<Optional<Cid>> lookup(BlockSource source, Cid directory, String name);
}
