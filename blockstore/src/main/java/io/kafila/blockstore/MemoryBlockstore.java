package io.kafila.blockstore;

import io.kafila.multiformats.Cid;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** A blockstore on the heap, which forgets when it is closed. Puts copy. Thread-safe. */
public final class MemoryBlockstore implements Blockstore {
    private final MemoryBlockRepository blocks;

    /** A store with a thread of its own. */
    public MemoryBlockstore() {
        this.blocks = new MemoryBlockRepository();
    }

    /** A store that works and completes its futures on {@code executor}, which the caller closes after the store. */
    public MemoryBlockstore(Executor executor) {
        this.blocks = new MemoryBlockRepository(executor);
    }

    @Override
    public CompletableFuture<Boolean> has(Cid cid) {
        return blocks.has(cid);
    }

    @Override
    public CompletableFuture<OptionalInt> size(Cid cid) {
        return blocks.size(cid);
    }

    @Override
    public CompletableFuture<Optional<Block>> get(Cid cid) {
        return blocks.get(cid);
    }

    @Override
    public CompletableFuture<List<Optional<Block>>> getAll(List<Cid> cids) {
        return blocks.getAll(cids);
    }

    @Override
    public CompletableFuture<Void> putAll(List<Block> added) {
        return blocks.putAll(added);
    }

    @Override
    public CompletableFuture<Void> deleteAll(Collection<Cid> cids) {
        return blocks.deleteAll(cids);
    }

    @Override
    public Cursor<Cid> keys() {
        return blocks.keys();
    }

    @Override
    public void close() {
        blocks.close();
    }
}
