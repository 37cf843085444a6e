package io.kafila.naming;

import io.kafila.libp2p.routing.ValueRouting;
import io.kafila.multiformats.PrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Makes records and hands them out. Two publications of one name follow one another, so that no sequence number is given
 * twice; those of different names do not wait for each other. Thread-safe.
 */
public final class IpnsPublisher {
    /** How long the network is asked for a former record of a name that this node has none of. */
    private static final Duration FORMER_TIMEOUT = Duration.ofSeconds(30);

    private final ValueRouting routing;
    private final RecordFinder finder;
    private final RecordStore records;
    private final Clock clock;
    private final Executor executor;
    private final Map<IpnsName, CompletableFuture<?>> turns = new HashMap<>();

    /** @param executor where records are signed and stored */
    public IpnsPublisher(
            ValueRouting routing, RecordFinder finder, RecordStore records, Clock clock, Executor executor) {
        this.routing = routing;
        this.finder = finder;
        this.records = records;
        this.clock = clock;
        this.executor = executor;
    }

    /**
     * Signs the record that follows the name's former one and stores it; durable when the future ends. Nobody else is told.
     *
     * @param network whether others are asked for a former record where this node has none
     */
    public CompletableFuture<IpnsRecord> make(PrivateKey key, IpnsPublication publication, boolean network) {
        IpnsName name = IpnsName.of(key.publicKey());
        return inTurn(
                name,
                () -> former(name, network)
                        .thenApplyAsync(
                                former -> stored(name, key, publication.after(former, clock.instant())), executor));
    }

    /** Signs the stored record of a key's name again, valid for longer; empty where there is none. */
    public CompletableFuture<Optional<IpnsRecord>> renew(PrivateKey key, Duration lifetime) {
        IpnsName name = IpnsName.of(key.publicKey());
        return inTurn(
                name,
                () -> CompletableFuture.supplyAsync(
                        () -> records.get(name)
                                .map(record ->
                                        stored(name, key, IpnsPublication.renewed(record, lifetime, clock.instant()))),
                        executor));
    }

    /**
     * Stores a record that somebody signed, where it is newer than the one that is stored.
     *
     * @throws IpnsRecordException (in the future) if it is none of the name
     */
    public CompletableFuture<Void> keep(IpnsName name, IpnsRecord record) {
        return inTurn(
                name,
                () -> CompletableFuture.runAsync(
                        () -> {
                            record.verify(name, clock.instant());
                            if (records.get(name)
                                    .map(known -> record.compareAge(known) > 0)
                                    .orElse(true)) {
                                records.put(name, record);
                            }
                        },
                        executor));
    }

    /** Hands a record to those who keep it for others; how many took it. */
    public CompletableFuture<Integer> handOut(IpnsName name, IpnsRecord record) {
        return routing.putValue(name.routingKey(), record.bytes());
    }

    private IpnsRecord stored(IpnsName name, PrivateKey key, IpnsRecordDraft draft) {
        IpnsRecord record = IpnsRecord.create(key, draft);
        records.put(name, record);
        return record;
    }

    private CompletableFuture<Optional<IpnsRecord>> former(IpnsName name, boolean network) {
        return CompletableFuture.supplyAsync(() -> records.get(name), executor).thenCompose(own -> {
            if (own.isPresent() || !network) {
                return CompletableFuture.completedFuture(own);
            }
            ResolveOptions how = ResolveOptions.DEFAULT.withCached(false).withTimeout(FORMER_TIMEOUT);
            // A network that cannot be asked is no reason not to publish.
            return finder.find(name, how, better -> {}).exceptionally(fault -> Optional.empty());
        });
    }

    private synchronized <T> CompletableFuture<T> inTurn(IpnsName name, Work<T> work) {
        CompletableFuture<?> before = turns.getOrDefault(name, CompletableFuture.completedFuture(null));
        CompletableFuture<T> turn = before.handle((value, fault) -> work).thenCompose(Work::start);
        turns.put(name, turn);
        turn.whenComplete((value, fault) -> end(name, turn));
        return turn;
    }

    private synchronized void end(IpnsName name, CompletableFuture<?> turn) {
        turns.remove(name, turn);
    }

    /** What is done once those before are done. */
    @FunctionalInterface
    private interface Work<T> {
        CompletableFuture<T> start();
    }
}
