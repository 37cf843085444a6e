package io.kafila.dht.internal.records;

import io.kafila.dht.internal.Counters;
import io.kafila.dht.internal.net.DhtLoop;
import io.kafila.dht.internal.wire.PeerEntry;
import io.kafila.dht.internal.wire.ValueRecord;
import io.kafila.libp2p.Datastore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stores on a thread of their own, for callers that must not block. Providers are durable a fraction of a second after they were
 * taken, values before their sender has its answer. Called in the loop; futures complete on the thread of the stores.
 */
public final class Records {
    private static final Logger LOG = LoggerFactory.getLogger(Records.class);
    private static final long FLUSH_NANOS = Duration.ofMillis(200).toNanos();

    private static final class Stores {
        private final WriteBuffer buffer;
        private final ProviderStore providers;
        private final ValueStore values;

        Stores(WriteBuffer buffer, ProviderStore providers, ValueStore values) {
            this.buffer = buffer;
            this.providers = providers;
            this.values = values;
        }
    }

    private final Executor disk;
    private final DhtLoop loop;
    private final Supplier<Stores> opening;
    private @Nullable Stores stores;
    private boolean flushing;

    /** @param disk runs one task at a time; they block. A simulation runs them at once */
    public Records(
            Executor disk,
            DhtLoop loop,
            Datastore datastore,
            Validators validators,
            StoreLimits limits,
            Counters counters) {
        this.disk = disk;
        this.loop = loop;
        this.opening = () -> {
            WriteBuffer buffer = new WriteBuffer(datastore);
            return new Stores(
                    buffer,
                    new ProviderStore(buffer, loop::currentTimeMillis, limits, counters),
                    new ValueStore(buffer, loop::currentTimeMillis, validators, limits, counters));
        };
    }

    public CompletableFuture<Boolean> addProvider(byte[] key, PeerEntry provider) {
        flushSoon();
        return onDisk(() -> stores().providers.add(key, provider));
    }

    public CompletableFuture<List<PeerEntry>> providers(byte[] key) {
        return onDisk(() -> stores().providers.get(key));
    }

    /** Fails with an {@link io.kafila.dht.InvalidRecordException} if the value is not taken. */
    public CompletableFuture<Void> putValue(byte[] key, byte[] value) {
        return onDisk(() -> {
            stores().values.put(key, value);
            stores().buffer.flush();
            return null;
        });
    }

    public CompletableFuture<Optional<ValueRecord>> value(byte[] key) {
        return onDisk(() -> Optional.ofNullable(stores().values.get(key)));
    }

    /** Drops some of what is too old; called every minute, it comes round to all in time. */
    public void sweep() {
        run(() -> {
            stores().providers.sweep();
            stores().values.sweep();
        });
    }

    /** Makes durable what is not yet. */
    public CompletableFuture<Void> flush() {
        return onDisk(() -> {
            stores().buffer.flush();
            return null;
        });
    }

    private Stores stores() {
        Stores opened = stores;
        if (opened == null) {
            opened = opening.get();
            stores = opened;
        }
        return opened;
    }

    private void flushSoon() {
        if (!flushing) {
            flushing = true;
            loop.schedule(FLUSH_NANOS, () -> {
                flushing = false;
                run(() -> stores().buffer.flush());
            });
        }
    }

    private void run(Runnable task) {
        onDisk(() -> {
                    task.run();
                    return null;
                })
                .whenComplete((done, error) -> {
                    if (error != null) {
                        LOG.warn("dht records: the datastore failed", error);
                    }
                });
    }

    private <T extends @Nullable Object> CompletableFuture<T> onDisk(Supplier<T> task) {
        try {
            return CompletableFuture.supplyAsync(task, disk);
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.failedFuture(closed);
        }
    }
}
