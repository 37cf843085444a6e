package io.kafila.node.internal;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that holds on to something until it ends. The action of a {@code whenComplete} does not run when its own future is
 * cancelled, so whoever hands out such a future must not rely on it: here a cancel lets go at once.
 */
public final class Held {
    private static final Logger LOG = LoggerFactory.getLogger(Held.class);

    private Held() {}

    /**
     * The result of {@code work}.
     *
     * @param release lets go of what is held; called when the work ends and when the result is cancelled, so maybe twice
     */
    public static <T> CompletableFuture<T> until(CompletableFuture<T> work, Runnable release) {
        return until(work, release, unwanted -> {});
    }

    /** @param unwanted takes a value that comes after the result was cancelled */
    public static <T> CompletableFuture<T> until(CompletableFuture<T> work, Runnable release, Consumer<T> unwanted) {
        return pass(work, release, release, unwanted);
    }

    /** The result of {@code work}, which keeps what is held if it succeeds. */
    public static <T> CompletableFuture<T> unless(CompletableFuture<T> work, Runnable release, Consumer<T> unwanted) {
        return pass(work, () -> {}, release, unwanted);
    }

    /** Closes what nobody waits for any more. */
    public static void close(AutoCloseable unwanted) {
        try {
            unwanted.close();
        } catch (Exception e) {
            LOG.debug("closing {} failed", unwanted, e);
        }
    }

    private static <T> CompletableFuture<T> pass(
            CompletableFuture<T> work, Runnable onSuccess, Runnable otherwise, Consumer<T> unwanted) {
        CompletableFuture<T> result = new CompletableFuture<>();
        result.whenComplete((value, fault) -> {
            if (result.isCancelled()) {
                otherwise.run();
            }
        });
        work.whenComplete((value, fault) -> {
            if (fault != null) {
                otherwise.run();
                result.completeExceptionally(fault);
                return;
            }
            onSuccess.run();
            if (!result.complete(value)) {
                unwanted.accept(value);
            }
        });
        return result;
    }
}
