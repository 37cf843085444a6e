package io.kafila.delegated.internal;

import io.kafila.delegated.PeerRecord;
import io.kafila.delegated.RoutingFilter;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Passes on those records of an answer that are wanted, until there are enough. Guarded by itself. */
public final class RecordSink implements Consumer<PeerRecord> {
    private final RoutingFilter filter;
    private final int limit;
    private final Consumer<PeerRecord> found;
    private final CompletableFuture<Void> full = new CompletableFuture<>();
    private int passed;

    public RecordSink(RoutingFilter filter, int limit, Consumer<PeerRecord> found) {
        this.filter = filter;
        this.limit = limit;
        this.found = found;
    }

    @Override
    public void accept(PeerRecord record) {
        boolean enough;
        synchronized (this) {
            if (passed < limit) {
                filter.apply(record).ifPresent(wanted -> {
                    passed++;
                    found.accept(wanted);
                });
            }
            enough = passed >= limit;
        }
        if (enough) {
            full.complete(null);
        }
    }

    /** Ends when there are as many as are wanted. */
    public CompletableFuture<Void> full() {
        return full;
    }

    public synchronized int passedCount() {
        return passed;
    }
}
