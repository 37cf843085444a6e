package io.kafila.blockstore;

import io.kafila.multiformats.Cid;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A blockstore with what belongs to it: pins, leases, references to users' files, records, garbage collection, verification.
 *
 * <p>One process at a time holds a repository on disk; a second one gets a {@link RepositoryLockedException}. Thread-safe.
 */
public interface BlockRepository extends Blockstore {

    PinStore pins();

    /**
     * Opens a lease: while it is open, garbage collection keeps every block that is put, found by {@code has}, {@code
     * size} or {@code get}, or referenced, in any thread, since the lease was opened. An add holds one from its first
     * block until its root is pinned; a fetch while it runs.
     */
    Lease lease();

    /** A promise not to collect. Closing it is idempotent. */
    interface Lease extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * A block whose bytes stay in a user's own file. The hash is checked whenever it is read.
     *
     * @param file an absolute path
     * @param offset where the block begins in the file, in bytes
     */
    record FileReference(Cid cid, Path file, long offset, int sizeBytes) {}

    /**
     * Stores references in place of copies, durable when the future completes. A read of a reference whose file has
     * changed fails with a {@link ChangedFileException}. A block that is stored as a copy already stays so.
     */
    CompletableFuture<Void> putReferences(List<FileReference> references);

    /** Every reference, ordered by multihash. */
    Cursor<FileReference> references();

    /**
     * A small ordered map for the records of others, such as the peerstore, apart from the blocks and from other
     * namespaces.
     */
    Records records(String namespace);

    /** An ordered key-value map with atomic batches, compared as unsigned bytes. Blocking: a point read or a short scan. */
    interface Records {
        byte @Nullable [] get(byte[] key);

        /** One atomic batch, durable on return; a {@code null} value deletes. */
        void write(List<Entry> batch);

        /** At most {@code limit} entries with keys that start with {@code prefix} and are greater than {@code after}. */
        List<Entry> scan(byte[] prefix, byte[] after, int limit);

        /** Key and value, or key and {@code null} in a batch that deletes. */
        @SuppressWarnings("ArrayRecordComponent") // owned by whoever made it, never compared
        record Entry(byte[] key, byte @Nullable [] value) {}
    }

    /**
     * Removes every block that no pin and no lease keeps, and gives its space back by compaction. Adds and fetches go
     * on meanwhile. One run at a time; a second call joins the one that runs.
     *
     * @param removed told of each removed block, in the store's thread
     */
    CompletableFuture<GcReport> collectGarbage(LinkExtractor links, Consumer<Cid> removed);

    record GcReport(long removedBlocks, long removedBytes, long keptBlocks, long freedDiskBytes) {}

    /**
     * Reads and hashes every block. Corrupt ones are reported and quarantined: taken out of the index, so that they are
     * never served, with their bytes kept aside for a look.
     *
     * @param progress told of each block, in the store's thread
     */
    CompletableFuture<VerifyReport> verify(Consumer<VerifyResult> progress);

    /** What {@link #verify} saw of one block; {@code error} is empty where it is sound. */
    record VerifyResult(Cid cid, String error) {}

    record VerifyReport(long checkedBlocks, List<VerifyResult> corrupt) {}

    /** Rebuilds the location of every block from the segments alone. */
    CompletableFuture<RepairReport> repair();

    record RepairReport(long segments, long blocks, long tornBytes, List<String> findings) {}

    CompletableFuture<Stat> stat();

    /** Reads in the caller's thread, where the repository offers them. */
    default DirectReads directReads() {
        return DirectReads.NONE;
    }

    /** What was done since the repository was opened, for metrics. Does not block. */
    RepositoryCounters counters();

    /**
     * @param blocks how many blocks there are, references included
     * @param liveBytes the sum of their sizes
     * @param diskBytes what the repository takes on disk, index included
     * @param maxBytes the configured maximum, {@code Long.MAX_VALUE} where there is none
     */
    record Stat(long blocks, long liveBytes, long diskBytes, long maxBytes) {}
}
