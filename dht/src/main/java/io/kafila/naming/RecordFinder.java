package io.kafila.naming;

import io.kafila.libp2p.routing.ValueRouting;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** Looks for the newest record of a name: in the own store, then with others. Thread-safe. */
public final class RecordFinder {
    private final ValueRouting routing;
    private final RecordStore records;
    private final Clock clock;
    private final Executor executor;
    private final ScheduledExecutorService timer;
    private final LongAdder refused = new LongAdder();

    /**
     * @param executor where the store is read
     * @param timer ends searches that take too long
     */
    public RecordFinder(
            ValueRouting routing, RecordStore records, Clock clock, Executor executor, ScheduledExecutorService timer) {
        this.routing = routing;
        this.records = records;
        this.clock = clock;
        this.executor = executor;
        this.timer = timer;
    }

    /**
     * The newest valid record of a name, empty where nobody who was asked has one. Cancelling the future ends the search.
     *
     * @param better told of each record that is newer than all before it, from any thread, one call after the other
     */
    public CompletableFuture<Optional<IpnsRecord>> find(
            IpnsName name, ResolveOptions options, Consumer<IpnsRecord> better) {
        Search search = new Search(name, better);
        try {
            executor.execute(() -> search.run(options));
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(
                    new NamingException("could not resolve name: the node is closed or too busy", e));
        }
        return search.result;
    }

    /** How many values were no valid records of the name that was asked for. */
    public long refusedCount() {
        return refused.sum();
    }

    private final class Search {
        private final IpnsName name;
        private final Consumer<IpnsRecord> better;
        private final IpnsRecordSearch found;
        private final CompletableFuture<Optional<IpnsRecord>> result = new CompletableFuture<>();

        Search(IpnsName name, Consumer<IpnsRecord> better) {
            this.name = name;
            this.better = better;
            this.found = new IpnsRecordSearch(name);
        }

        void run(ResolveOptions options) {
            try {
                // An expired one is no fault of anybody.
                records.get(name)
                        .filter(record -> record.validity().isAfter(clock.instant()))
                        .ifPresent(record -> offer(record.bytes()));
                if (!options.network()) {
                    end();
                    return;
                }
                CompletableFuture<?> asking = routing.searchValue(name.routingKey(), options.quorum(), this::offer);
                Future<?> deadline = options.timeout().isZero()
                        ? CompletableFuture.completedFuture(null)
                        : timer.schedule(this::end, options.timeout().toMillis(), TimeUnit.MILLISECONDS);
                result.whenComplete((record, fault) -> {
                    deadline.cancel(false);
                    asking.cancel(false);
                });
                asking.whenComplete((value, fault) -> {
                    if (fault == null || best().isPresent()) {
                        end();
                    } else {
                        result.completeExceptionally(fault);
                    }
                });
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        }

        private synchronized void offer(byte[] value) {
            if (result.isDone()) {
                return;
            }
            if (found.offer(value, clock.instant())) {
                found.best().ifPresent(better);
            }
        }

        private synchronized Optional<IpnsRecord> best() {
            return found.best();
        }

        private void end() {
            Optional<IpnsRecord> best;
            synchronized (this) {
                best = found.best();
                if (!result.isDone()) {
                    refused.add(found.refusedCount());
                }
            }
            result.complete(best);
        }
    }
}
