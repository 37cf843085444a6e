package io.kafila.dht.internal.provide;

import io.kafila.dht.Announcer;
import io.kafila.dht.ProvideOptions;
import io.kafila.dht.ProvideStat;
import io.kafila.dht.Providing;
import io.kafila.dht.internal.key.Keyspace;
import io.kafila.libp2p.Datastore;
import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.Multihash;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ties a {@link ProvideSweep} to the DHT, a datastore, a clock and a thread of its own. Thread-safe. */
public final class ProvideLoop implements Providing {
    /** Keys that may wait to be written down. */
    static final int MAX_WAITING = 100_000;

    /** Keys of one round that are written down at once. */
    static final int BATCH = 512;

    private static final long LOOKUP_TIMEOUT_S = 90;
    private static final long ANNOUNCE_TIMEOUT_S = 90;
    private static final Logger LOG = LoggerFactory.getLogger(ProvideLoop.class);

    private final Announcer announcer;
    private final Clock clock;
    private final ScheduledThreadPoolExecutor thread;
    private final CompletableFuture<ProvideSweep> ready = new CompletableFuture<>();
    private final Semaphore waiting = new Semaphore(MAX_WAITING);
    private final LongAdder dropped = new LongAdder();
    private @Nullable ScheduledFuture<?> wake;
    private long wakeAtMs = Long.MAX_VALUE;

    private ProvideLoop(Announcer announcer, Clock clock) {
        this.announcer = announcer;
        this.clock = clock;
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "kafila-provide");
            made.setDaemon(true);
            return made;
        });
        thread.setRemoveOnCancelPolicy(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    public static ProvideLoop start(Announcer announcer, Datastore store, ProvideOptions options, Clock clock) {
        ProvideLoop loop = new ProvideLoop(announcer, clock);
        loop.execute(() -> {
            try {
                loop.ready.complete(new ProvideSweep(
                        options,
                        new ProvideStore(store),
                        Keyspace.SHA256,
                        announcer::usualBits,
                        new SplittableRandom(),
                        clock.millis()));
            } catch (RuntimeException e) {
                LOG.error("providing: cannot read what is to be provided; nothing will be", e);
                loop.ready.completeExceptionally(e);
            }
        });
        loop.execute(loop::proceed);
        return loop;
    }

    @Override
    public void provide(Collection<Multihash> keys) {
        List<Multihash> taken = List.copyOf(keys);
        if (!waiting.tryAcquire(taken.size())) {
            dropped.add(taken.size());
            return;
        }
        if (!execute(() -> insert(taken))) {
            waiting.release(taken.size());
        }
    }

    private void insert(List<Multihash> keys) {
        try {
            sweep().add(keys, clock.millis());
        } finally {
            waiting.release(keys.size());
        }
        proceed();
    }

    @Override
    public CompletableFuture<Void> provideOnce(Collection<Multihash> keys) {
        List<Multihash> taken = List.copyOf(keys);
        return ask(sweep -> {
            sweep.addOnce(taken, clock.millis());
            return null;
        });
    }

    @Override
    public CompletableFuture<Integer> keepOnly(Round round) {
        CompletableFuture<Void> begun = ask(sweep -> {
            sweep.beginRound();
            return null;
        });
        return begun.thenComposeAsync(
                nothing -> {
                    try {
                        round.run(this::acceptAll);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return CompletableFuture.failedFuture(e);
                    } catch (Exception e) {
                        return CompletableFuture.failedFuture(e);
                    }
                    return ask(ProvideSweep::endRound);
                },
                task -> {
                    Thread walker = new Thread(task, "kafila-provide-round");
                    walker.setDaemon(true);
                    walker.start();
                });
    }

    private void acceptAll(Collection<Multihash> keys) {
        List<Multihash> all = List.copyOf(keys);
        for (int from = 0; from < all.size(); from += BATCH) {
            List<Multihash> batch = all.subList(from, Math.min(all.size(), from + BATCH));
            waiting.acquireUninterruptibly(batch.size());
            if (!execute(() -> insert(batch))) {
                waiting.release(batch.size());
                throw new RejectedExecutionException("providing has ended");
            }
        }
    }

    @Override
    public CompletableFuture<Integer> clear() {
        return ask(sweep -> sweep.clear(clock.millis()));
    }

    @Override
    public CompletableFuture<Void> reprovide() {
        return ask(sweep -> {
            sweep.makeAllDue();
            return null;
        });
    }

    @Override
    public CompletableFuture<ProvideStat> stat() {
        return ask(sweep -> sweep.stat(clock.millis()));
    }

    @Override
    public long dropped() {
        return dropped.sum();
    }

    /** Runs in the thread and lets the sweep go on afterwards. */
    private <T> CompletableFuture<T> ask(Function<ProvideSweep, @Nullable T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        boolean taken = execute(() -> {
            try {
                answer.complete(question.apply(sweep()));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
            proceed();
        });
        if (!taken) {
            answer.completeExceptionally(new RejectedExecutionException("providing has ended"));
        }
        return answer;
    }

    private ProvideSweep sweep() {
        return ready.join(); // complete: the first task of the thread made it
    }

    private boolean execute(Runnable task) {
        try {
            thread.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    LOG.warn("providing: a step failed", e);
                }
            });
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    private void proceed() {
        if (ready.isCompletedExceptionally()) {
            return;
        }
        ProvideSweep sweep = sweep();
        for (ProvideSweep.Action action = sweep.next(clock.millis());
                action != null;
                action = sweep.next(clock.millis())) {
            if (action instanceof ProvideSweep.Action.Lookup lookup) {
                lookUp(lookup);
            } else if (action instanceof ProvideSweep.Action.Announce announce) {
                announce(announce);
            }
        }
        sleep(sweep.wakeAtMs(clock.millis()));
    }

    private void sleep(long untilMs) {
        ScheduledFuture<?> planned = wake;
        if (planned != null && !planned.isDone() && wakeAtMs == untilMs) {
            return;
        }
        if (planned != null) {
            planned.cancel(false);
            wake = null;
        }
        wakeAtMs = untilMs;
        if (untilMs != Long.MAX_VALUE) {
            try {
                wake = thread.schedule(
                        () -> {
                            execute(this::proceed);
                        },
                        Math.max(1, untilMs - clock.millis()),
                        TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                LOG.debug("providing has ended");
            }
        }
    }

    private void lookUp(ProvideSweep.Action.Lookup lookup) {
        announcer
                .closestPeers(lookup.name())
                .orTimeout(LOOKUP_TIMEOUT_S, TimeUnit.SECONDS)
                .whenComplete((List<Provider> found, Throwable failure) -> {
                    if (failure != null) {
                        LOG.debug("providing: a lookup failed", failure);
                    }
                    execute(() -> {
                        sweep().onClosest(lookup.job(), failure == null ? found : null, clock.millis());
                        proceed();
                    });
                });
    }

    private void announce(ProvideSweep.Action.Announce announce) {
        announcer
                .announce(announce.to(), announce.keys())
                .orTimeout(ANNOUNCE_TIMEOUT_S, TimeUnit.SECONDS)
                .whenComplete((nothing, failure) -> {
                    if (failure != null) {
                        LOG.debug("providing: {} was not told", announce.to().peer(), failure);
                    }
                    execute(() -> {
                        sweep().onAnnounced(announce.job(), announce.to(), failure == null, clock.millis());
                        proceed();
                    });
                });
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            thread.shutdownNow();
        }
    }
}
