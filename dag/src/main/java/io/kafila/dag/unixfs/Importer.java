package io.kafila.dag.unixfs;

import io.kafila.blockstore.BlockRepository;
import io.kafila.dag.unixfs.internal.BufferPool;
import io.kafila.dag.unixfs.internal.Fetch;
import io.kafila.dag.unixfs.internal.ImportPlan;
import io.kafila.dag.unixfs.internal.ImportRun;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Turns files and directories into blocks. Files are read into large buffers, the leaves are hashed where they lie by
 * the workers, and one thread in order builds the graph and stores it in batches. Memory is bounded by the budget, and by
 * the entries of the directories that are open. Thread-safe; imports share the budget.
 */
public final class Importer implements AutoCloseable {
    private final BlockRepository store;
    private final Executor workers;
    private final ImportBudget budget;
    private final BufferPool pool;

    /** @param workers bounded by the number of cores; each import occupies one of its threads, and hashes on the others */
    public Importer(BlockRepository store, Executor workers, ImportBudget budget) {
        this.store = store;
        this.workers = workers;
        this.budget = budget;
        this.pool = new BufferPool(budget);
    }

    /**
     * Imports everything that {@code source} has, and closes it. The caller holds a lease of the store until it has pinned
     * the result.
     *
     * @return the topmost entries in order, one wherever they are wrapped, when all of their blocks are durable. It fails
     *     with an {@link ImportException} where the source is at fault and with a blockstore's exception where the disk
     *     is. Cancelling it ends the import at its next read.
     * @throws IllegalArgumentException (in the future) if the options exclude one another
     */
    public CompletableFuture<List<Imported>> run(ImportSource source, ImportOptions options, ImportListener listener) {
        CompletableFuture<List<Imported>> result = new CompletableFuture<>();
        ImportPlan plan;
        try {
            plan = ImportPlan.of(options);
        } catch (IllegalArgumentException e) {
            ImportRun.closeQuietly(source, e);
            result.completeExceptionally(e);
            return result;
        }
        CompletableFuture<BufferPool.Ticket> admitted = pool.admit();
        admitted.whenComplete((ticket, refused) -> {
            if (refused != null) {
                ImportRun.closeQuietly(source, refused);
                result.completeExceptionally(Fetch.cause(refused));
                return;
            }
            try {
                workers.execute(new ImportRun(store, workers, budget, pool, ticket, source, plan, listener, result));
            } catch (RejectedExecutionException e) {
                ticket.close();
                ImportRun.closeQuietly(source, e);
                result.completeExceptionally(e);
            }
        });
        result.whenComplete((ignored, failure) -> {
            if (result.isCancelled()) {
                admitted.cancel(false);
            }
        });
        return result;
    }

    /** How many direct buffers hold bytes that are not stored yet. */
    public int buffersInUse() {
        return pool.inUse();
    }

    /** Lets idle buffers go; imports that run end first. Idempotent. */
    @Override
    public void close() {
        pool.close();
    }
}
