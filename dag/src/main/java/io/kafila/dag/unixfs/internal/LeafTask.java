package io.kafila.dag.unixfs.internal;

import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multicodec;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** The hash of one leaf, computed by whoever comes first: a worker, or the import itself when it needs it. Thread-safe. */
final class LeafTask implements Runnable {
    private final ImportPlan plan;
    private final Multicodec codec;
    private final List<ByteBuffer> pieces;
    private final int sizeBytes;
    private final AtomicBoolean started = new AtomicBoolean();
    private final CompletableFuture<Cid> cid = new CompletableFuture<>();

    LeafTask(ImportPlan plan, Multicodec codec, List<ByteBuffer> pieces, int sizeBytes) {
        this.plan = plan;
        this.codec = codec;
        this.pieces = pieces;
        this.sizeBytes = sizeBytes;
    }

    @Override
    public void run() {
        if (started.compareAndSet(false, true)) {
            try {
                cid.complete(plan.cidOf(codec, pieces, sizeBytes));
            } catch (RuntimeException e) {
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
        return cid.join();
    }

    /** Returns when nobody reads the bytes any more, or will. */
    void settle() {
        if (!started.compareAndSet(false, true)) {
            cid.handle((done, failure) -> done).join();
        }
    }
}
