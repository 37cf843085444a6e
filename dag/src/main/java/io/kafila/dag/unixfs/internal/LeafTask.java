package io.kafila.dag.unixfs.internal;

import io.kafila.dag.unixfs.ImportException;
import io.kafila.multiformats.Cid;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The hash of one leaf, computed by whoever comes first: a worker, or the import itself when it needs it. Where the bytes
 * are still in their file, the same thread reads them, so that they are hashed while they are in its core's cache.
 * Thread-safe.
 */
final class LeafTask implements Runnable {
    /** Computes the Cid of a leaf. */
    @FunctionalInterface
    interface Naming {
        Cid run() throws IOException;
    }

    private final Naming naming;
    private final AtomicBoolean started = new AtomicBoolean();
    private final CompletableFuture<Cid> cid = new CompletableFuture<>();

    LeafTask(Naming naming) {
        this.naming = naming;
    }

    @Override
    public void run() {
        if (started.compareAndSet(false, true)) {
            try {
                cid.complete(naming.run());
            } catch (IOException e) {
                cid.completeExceptionally(new ImportException("import: " + e.getMessage(), e));
            } catch (RuntimeException | Error e) {
                cid.completeExceptionally(e);
            }
        }
    }

    boolean isDone() {
        return cid.isDone();
    }

    /** The Cid; computes it here unless a worker already does. */
    Cid await() {
        run();
        try {
            return cid.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof ImportException unreadable) {
                throw unreadable;
            }
            throw e;
        }
    }

    /** Returns when nobody reads the bytes any more, or will. */
    void settle() {
        if (!started.compareAndSet(false, true)) {
            cid.handle((done, failure) -> done).join();
        }
    }
}
