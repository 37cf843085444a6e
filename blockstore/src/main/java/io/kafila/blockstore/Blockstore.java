package io.kafila.blockstore;

import io.kafila.multiformats.Cid;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A set of blocks, keyed by multihash: a block put under one Cid is found under every Cid with the same multihash.
 *
 * <p>Thread-safe. No method blocks or throws; failures complete the future with a {@link BlockstoreException}. Futures
 * complete on the store's pool. Cids with the identity hash are answered from themselves and never stored.
 */
public interface Blockstore extends AutoCloseable {

    CompletableFuture<Boolean> has(Cid cid);

    /** The size of the block in bytes, empty where it is absent. Reads no payload. */
    CompletableFuture<OptionalInt> size(Cid cid);

    /**
     * The block under the Cid that was asked for, empty where it is absent. The caller owns it and closes it.
     *
     * @throws CorruptBlockException (in the future) if verification on read is on and the bytes do not match
     */
    CompletableFuture<Optional<Block>> get(Cid cid);

    /** {@link #get} for many, in the order of {@code cids}. The caller owns and closes every block of the answer. */
    CompletableFuture<List<Optional<Block>>> getAll(List<Cid> cids);

    /** {@link #putAll} for one. */
    default CompletableFuture<Void> put(Block block) {
        return putAll(List.of(block));
    }

    /**
     * Stores blocks; the future completes when all of them survive a kill of the process and of the machine. The store
     * borrows the blocks and retains what it needs until then. It does not hash: the caller has verified them.
     *
     * <p>Puts that are under way together share groups and forces, so throughput needs bytes in flight, 32 MiB or more, in
     * whatever number of calls; a put that waits for the one before pays for a force of its own. Payloads in direct memory
     * that begin at a page boundary (4096 bytes) and are whole pages long reach the disk without a copy.
     */
    CompletableFuture<Void> putAll(List<Block> blocks);

    /**
     * Memory for a block of {@code sizeBytes} from which {@link #putAll} writes it without another copy, for whoever has to
     * bring its bytes together anyway; {@code null} where the store has no such memory, has none left, or would copy a block
     * of this size all the same. The caller owns it. Waits for nothing; from any thread.
     */
    default @Nullable WriteBuffer writeBuffer(int sizeBytes) {
        return null;
    }

    /** Removes blocks; those that are absent are passed over. */
    CompletableFuture<Void> deleteAll(Collection<Cid> cids);

    /** Every stored block as a CIDv1 with codec raw, in the order of their multihashes. The caller closes the cursor. */
    Cursor<Cid> keys();

    /** Starts no new work, waits for what runs, closes files. Idempotent. */
    @Override
    void close();
}
