package io.kafila.blockstore.internal.store;

import io.kafila.blockstore.BlockstoreException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;

/**
 * Long work in short slices, one after the other, each a task of its own, so that it neither holds a thread while it
 * waits for something nor keeps the store from closing.
 */
final class Loop {
    private final Executor executor;
    private final Lock shared;

    /** @param shared held during each slice */
    Loop(Executor executor, Lock shared) {
        this.executor = executor;
        this.shared = shared;
    }

    /**
     * Runs {@code slice} again and again until the future that it answers says {@code false} or fails.
     *
     * @param check called before each slice; what it throws ends the work
     */
    CompletableFuture<Void> run(Runnable check, Supplier<CompletableFuture<Boolean>> slice) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        next(
                () -> {
                    check.run();
                    return slice.get();
                },
                done);
        return done;
    }

    private void next(Supplier<CompletableFuture<Boolean>> slice, CompletableFuture<Void> done) {
        try {
            executor.execute(() -> step(slice, done));
        } catch (RejectedExecutionException e) {
            done.completeExceptionally(new BlockstoreException("block store is closed", e));
        }
    }

    private void step(Supplier<CompletableFuture<Boolean>> slice, CompletableFuture<Void> done) {
        CompletableFuture<Boolean> more;
        shared.lock();
        try {
            more = slice.get();
        } catch (RuntimeException | Error e) {
            done.completeExceptionally(e);
            return;
        } finally {
            shared.unlock();
        }
        more.whenComplete((again, error) -> {
            if (error != null) {
                done.completeExceptionally(error);
            } else if (again) {
                next(slice, done);
            } else {
                done.complete(null);
            }
        });
    }
}
