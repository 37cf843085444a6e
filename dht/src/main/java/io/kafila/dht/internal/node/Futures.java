package io.kafila.dht.internal.node;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Joints between futures. */
final class Futures {
    private Futures() {}

    /** Ends {@code to} as {@code from} ends, and {@code from} if {@code to} is cancelled. */
    static <A, B extends @org.jspecify.annotations.Nullable Object> void forward(
            CompletableFuture<A> from, CompletableFuture<B> to, Function<A, B> value) {
        from.whenComplete((result, error) -> {
            if (error == null) {
                to.complete(value.apply(result));
            } else {
                to.completeExceptionally(error);
            }
        });
        to.whenComplete((result, error) -> {
            if (to.isCancelled()) {
                from.cancel(false);
            }
        });
    }
}
