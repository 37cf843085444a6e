package io.kafila.dht;

import io.kafila.dht.internal.provide.ProvideLoop;
import io.kafila.libp2p.Datastore;
import io.kafila.multiformats.Multihash;
import java.time.Clock;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/**
 * Says to the DHT what this node has, now and again every interval. The keys and the times when they were last provided are kept in
 * a datastore, so that a restart goes on where it was. Thread-safe; {@link #close} ends it and leaves the datastore to its owner.
 */
public interface Providing extends AutoCloseable {

    /** Reads what {@code store} holds on a thread of its own and begins. */
    static Providing start(Announcer announcer, Datastore store, ProvideOptions options, Clock clock) {
        return ProvideLoop.start(announcer, store, options, clock);
    }

    /**
     * Keys to provide now and to keep provided. If too many wait to be written down the rest is dropped and counted: the next
     * {@linkplain #keepOnly round} brings them back.
     */
    void provide(Collection<Multihash> keys);

    /** Keys to provide once, now. Completes when they are written down. */
    CompletableFuture<Void> provideOnce(Collection<Multihash> keys);

    /** What a round hands over its keys to; from one thread. */
    interface Sink {
        /** Blocks while too many keys wait. */
        void accept(Collection<Multihash> keys);
    }

    /** All keys that are to be provided, from wherever they are known; may block. */
    interface Round {
        void run(Sink sink) throws Exception;
    }

    /**
     * A round: afterwards the keys that it gave are provided, and no others.
     *
     * @return how many keys were given up; where the round fails, with its reason, none is
     */
    CompletableFuture<Integer> keepOnly(Round round);

    /** Takes the keys that were never provided out of the queue; they are provided later. @return how many */
    CompletableFuture<Integer> clear();

    /** Makes all keys due; the sweep goes through them at its pace. */
    CompletableFuture<Void> reprovide();

    CompletableFuture<ProvideStat> stat();

    /** Keys that were dropped because too many waited. */
    long dropped();

    @Override
    void close();
}
