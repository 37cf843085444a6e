package io.kafila.dag.unixfs.internal;

import io.kafila.blockstore.BlockRepository;
import io.kafila.dag.unixfs.ImportBudget;
import io.kafila.dag.unixfs.ImportEntry;
import io.kafila.dag.unixfs.ImportException;
import io.kafila.dag.unixfs.ImportListener;
import io.kafila.dag.unixfs.ImportSource;
import io.kafila.dag.unixfs.Imported;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * One import, in one thread: takes the entries from the source, has files read, and ends with a durable result or with all
 * buffers given back.
 */
public final class ImportRun implements Runnable {
    private final BufferPool.Ticket ticket;
    private final ImportSource source;
    private final CompletableFuture<List<Imported>> result;
    private final BlockWriter writer;
    private final TreeBuilder tree;
    private final LeafPipeline leaves;
    private final FileReader files;

    public ImportRun(
            BlockRepository store,
            Executor workers,
            ImportBudget budget,
            BufferPool pool,
            BufferPool.Ticket ticket,
            ImportSource source,
            ImportPlan plan,
            ImportListener listener,
            CompletableFuture<List<Imported>> result) {
        this.ticket = ticket;
        this.source = source;
        this.result = result;
        this.writer = new BlockWriter(store, pool, plan, budget.batchBytes());
        this.tree = new TreeBuilder(plan, writer, listener, budget.maxOpenEntries());
        this.leaves = new LeafPipeline(plan, workers, pool, ticket, writer);
        this.files = new FileReader(plan, leaves, writer, tree, listener, result::isCancelled);
    }

    @Override
    public void run() {
        try {
            List<Imported> roots = importAll();
            result.complete(roots);
        } catch (IOException | RuntimeException | Error e) {
            leaves.abandon();
            writer.abandon();
            closeQuietly(source, e);
            result.completeExceptionally(e instanceof IOException ? unreadable(e) : e);
        } finally {
            ticket.close();
        }
    }

    private List<Imported> importAll() throws IOException {
        ImportEntry entry = source.next();
        while (entry != null) {
            if (result.isCancelled()) {
                throw new CancellationException("import: cancelled");
            }
            writer.check();
            take(entry);
            entry = source.next();
        }
        leaves.finish();
        List<Imported> roots = tree.finish();
        source.close();
        writer.finish();
        return List.copyOf(roots);
    }

    private void take(ImportEntry entry) throws IOException {
        switch (entry.kind()) {
            case FILE -> files.read((ImportEntry.File) entry);
            case DIRECTORY -> leaves.then(() -> tree.directory(entry));
            case SYMLINK -> leaves.then(() -> tree.symlink((ImportEntry.Symlink) entry));
        }
    }

    private static ImportException unreadable(Throwable cause) {
        return new ImportException("import: " + cause.getMessage(), cause);
    }

    /** Closes {@code source}; what that throws is added to {@code failure}. */
    public static void closeQuietly(ImportSource source, Throwable failure) {
        try {
            source.close();
        } catch (IOException | RuntimeException e) {
            if (e != failure) {
                failure.addSuppressed(e);
            }
        }
    }
}
