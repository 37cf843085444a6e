package io.kafila.node.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/** Waits for several pieces of work, of which one that succeeds is enough. */
final class Gathering {
    private Gathering() {}

    /**
     * What {@code combine} makes of the results of those that succeeded, once all have ended; fails with the first one's error
     * if none did. Cancelling it cancels all.
     */
    static <T, R> CompletableFuture<R> of(List<CompletableFuture<T>> works, Function<List<T>, R> combine) {
        CompletableFuture<R> result = new CompletableFuture<>();
        result.whenComplete((value, fault) -> {
            if (result.isCancelled()) {
                works.forEach(work -> work.cancel(false));
            }
        });
        CompletableFuture.allOf(works.toArray(new CompletableFuture<?>[0])).whenComplete((nothing, fault) -> {
            List<T> results = new ArrayList<>();
            List<Throwable> faults = new ArrayList<>();
            for (CompletableFuture<T> work : works) {
                work.whenComplete((value, failure) -> {
                    if (failure == null) {
                        results.add(value);
                    } else {
                        faults.add(bare(failure));
                    }
                });
            }
            try {
                if (results.isEmpty() && !faults.isEmpty()) {
                    result.completeExceptionally(faults.get(0));
                } else {
                    result.complete(combine.apply(results));
                }
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private static Throwable bare(Throwable fault) {
        return fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
    }
}
