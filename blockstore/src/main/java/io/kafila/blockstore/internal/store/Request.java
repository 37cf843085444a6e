package io.kafila.blockstore.internal.store;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Changes that one caller asked for together, and the future that tells of them. Guarded by the committer's lock. */
final class Request {
    private final CompletableFuture<Void> future = new CompletableFuture<>();
    private final List<Op> ops;
    private int left;
    private @Nullable Throwable failure;
    private boolean checkedForSpace;

    Request(List<Op> ops) {
        this.ops = ops;
        this.left = ops.size();
    }

    CompletableFuture<Void> future() {
        return future;
    }

    List<Op> ops() {
        return ops;
    }

    /** Whether the rest need not be tried. */
    boolean failed() {
        return failure != null;
    }

    /** Whether this is the first time that somebody asks: space is checked once for all of a request. */
    boolean claimSpaceCheck() {
        boolean first = !checkedForSpace;
        checkedForSpace = true;
        return first;
    }

    void fail(Throwable error) {
        if (failure == null) {
            failure = error;
        }
    }

    /** One change has ended, well or not; answers whether it was the last. */
    boolean ended() {
        return --left == 0;
    }

    /** Tells the caller, who may go on in this thread. */
    void complete() {
        if (failure == null) {
            future.complete(null);
        } else {
            future.completeExceptionally(failure);
        }
    }
}
