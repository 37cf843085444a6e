package io.kafila.blockstore.internal;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.BlockstoreException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/** Work on an executor whose outcome, failures included, goes into a future. */
public final class Futures {
    private Futures() {}

    /** Runs {@code work} unless the future is done before its turn, for example cancelled. */
    public static <T> CompletableFuture<T> supply(Executor executor, Supplier<T> work) {
        CompletableFuture<T> future = new CompletableFuture<>();
        execute(executor, future, () -> future.complete(work.get()));
        return future;
    }

    /** As {@link #supply} for a block: one that nobody can take any more, because the future was cancelled, is closed. */
    public static CompletableFuture<Optional<Block>> supplyBlock(Executor executor, Supplier<Optional<Block>> work) {
        CompletableFuture<Optional<Block>> future = new CompletableFuture<>();
        execute(executor, future, () -> {
            Optional<Block> block = work.get();
            if (!future.complete(block)) {
                block.ifPresent(Block::close);
            }
        });
        return future;
    }

    /** As {@link #supplyBlock} for many. */
    public static CompletableFuture<List<Optional<Block>>> supplyBlocks(
            Executor executor, Supplier<List<Optional<Block>>> work) {
        CompletableFuture<List<Optional<Block>>> future = new CompletableFuture<>();
        execute(executor, future, () -> {
            List<Optional<Block>> blocks = work.get();
            if (!future.complete(blocks)) {
                closeAll(blocks);
            }
        });
        return future;
    }

    public static void closeAll(List<Optional<Block>> blocks) {
        for (Optional<Block> block : blocks) {
            block.ifPresent(Block::close);
        }
    }

    /** Runs {@code work}; what it throws, or the executor's refusal, fails the future. */
    public static void execute(Executor executor, CompletableFuture<?> future, Runnable work) {
        try {
            executor.execute(() -> {
                if (future.isDone()) {
                    return;
                }
                try {
                    work.run();
                } catch (RuntimeException | Error e) {
                    future.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            future.completeExceptionally(new BlockstoreException("block store is closed or its queue is full", e));
        }
    }

    /** What a future failed with, without the wrapping that dependent stages add. */
    public static Throwable unwrap(Throwable error) {
        Throwable cause = error;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
