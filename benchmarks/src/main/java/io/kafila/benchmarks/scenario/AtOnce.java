package io.kafila.benchmarks.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs work on several threads. */
final class AtOnce {
    private AtOnce() {}

    /** Runs all of it, at most {@code width} pieces at a time; the first failure is thrown when all have ended. */
    static <T> List<T> run(List<Callable<T>> work, int width) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(width);
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> future : pool.invokeAll(work)) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        } finally {
            pool.shutdownNow();
        }
    }
}
