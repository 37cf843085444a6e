package io.kafila.dag.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** Futures one after another, of which the one under way is cancelled with the result; the JDK's own chains do not. */
public final class Chain {
    private Chain() {}

    /** What {@code next} makes of the value of {@code first}; errors come without the JDK's wrapping. */
    public static <A, B> CompletableFuture<B> then(
            CompletableFuture<A> first, Function<? super A, CompletableFuture<B>> next) {
        CompletableFuture<B> result = new CompletableFuture<>();
        AtomicReference<CompletableFuture<?>> current = new AtomicReference<>(first);
        result.whenComplete((value, error) -> {
            CompletableFuture<?> underWay = current.get();
            if (result.isCancelled() && underWay != null) {
                underWay.cancel(false);
            }
        });
        first.whenComplete((value, error) -> {
            if (error != null) {
                result.completeExceptionally(cause(error));
                return;
            }
            CompletableFuture<B> second;
            try {
                second = next.apply(value);
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
                return;
            }
            current.set(second);
            if (result.isCancelled()) {
                second.cancel(false);
            }
            second.whenComplete((last, fault) -> {
                if (fault != null) {
                    result.completeExceptionally(cause(fault));
                } else {
                    result.complete(last);
                }
            });
        });
        return result;
    }

    /** The error without the wrapping of the JDK's futures. */
    public static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }
}
