package io.kafila.benchmarks;

import java.util.List;

/**
 * What has to be done at the end of some work, also where the work failed. As the resource of a {@code try} its own failure
 * never hides that of the work, but is suppressed in it.
 */
public interface Cleanup extends AutoCloseable {
    @Override
    void close();

    /** All of some in order, also where one fails; the first failure is thrown, with the later ones suppressed in it. */
    static Cleanup all(List<Cleanup> parts) {
        List<Cleanup> copy = List.copyOf(parts);
        return () -> {
            RuntimeException first = null;
            for (Cleanup part : copy) {
                try {
                    part.close();
                } catch (RuntimeException e) {
                    if (first == null) {
                        first = e;
                    } else {
                        first.addSuppressed(e);
                    }
                }
            }
            if (first != null) {
                throw first;
            }
        };
    }
}
