package io.kafila.dag.unixfs.internal;

import io.kafila.dag.unixfs.ImportException;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multicodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The hash of one leaf, computed by whoever comes first: a worker, or the import itself when it needs it. Where the bytes
 * are still in their file, the same thread reads them, so that they are hashed while they are in its core's cache.
 * Thread-safe.
 */
final class LeafTask implements Runnable {
    /** Brings the bytes of a leaf to where its pieces are. */
    @FunctionalInterface
    interface Filling {
        void run() throws IOException;
    }

    private final ImportPlan plan;
    private final Multicodec codec;
    private final List<ByteBuffer> pieces;
    private final int sizeBytes;
    private final Filling filling;
    private final AtomicBoolean started = new AtomicBoolean();
    private final CompletableFuture<Cid> cid = new CompletableFuture<>();

    LeafTask(ImportPlan plan, Multicodec codec, List<ByteBuffer> pieces, int sizeBytes, Filling filling) {
        this.plan = plan;
        this.codec = codec;
        this.pieces = pieces;
        this.sizeBytes = sizeBytes;
        this.filling = filling;
    }

    @Override
    public void run() {
        if (started.compareAndSet(false, true)) {
            try {
                filling.run();
                cid.complete(plan.cidOf(codec, pieces, sizeBytes));
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
