package io.kafila.dht.internal.node;

import io.kafila.dht.DhtException;
import io.kafila.dht.InvalidRecordException;
import io.kafila.dht.QueryEvent;
import io.kafila.dht.internal.Counter;
import io.kafila.dht.internal.key.Contact;
import io.kafila.dht.internal.key.KadKey;
import io.kafila.dht.internal.records.Records;
import io.kafila.dht.internal.records.Validators;
import io.kafila.dht.internal.wire.Message;
import io.kafila.dht.internal.wire.ValueRecord;
import io.kafila.multiformats.PeerId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Values: asking the nearest for theirs, choosing the best, and telling those that had none or a worse one (entry correction,
 * ipfs/specs kad-dht.md). Confined to the loop.
 */
final class ValueQueries {
    private final Query.Environment environment;
    private final Records records;
    private final Validators validators;

    ValueQueries(Query.Environment environment, Records records, Validators validators) {
        this.environment = environment;
        this.records = records;
        this.validators = validators;
    }

    CompletableFuture<Integer> put(byte[] key, byte[] value, Consumer<QueryEvent> events) {
        CompletableFuture<Integer> result = new CompletableFuture<>();
        records.putValue(key, value)
                .whenCompleteAsync(
                        (kept, error) -> {
                            if (error != null) {
                                result.completeExceptionally(error);
                                return;
                            }
                            Query query = Query.ofContent(
                                    environment,
                                    KadKey.hash(key),
                                    Message.findNode(key),
                                    events,
                                    (from, response) -> false);
                            Futures.forward(
                                    query.start().thenCompose(outcome -> store(outcome.nearest(), key, value)),
                                    result,
                                    taken -> taken);
                        },
                        environment.loop());
        return result.thenApply(taken -> {
            if (taken == 0) {
                throw new DhtException("dht: no peer of the "
                        + environment.options().name() + " network has taken the value, want at least one");
            }
            return taken;
        });
    }

    private CompletableFuture<Integer> store(List<Contact> peers, byte[] key, byte[] value) {
        Message put = Message.putValue(new ValueRecord(key, value));
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        for (Contact contact : peers) {
            environment.counters().add(Counter.REQUESTS_SENT);
            answers.add(environment
                    .network()
                    .request(
                            contact.peer(),
                            contact.addresses(),
                            put,
                            environment.options().requestTimeoutNanos())
                    .handle((echo, error) -> {
                        ValueRecord echoed = error == null ? echo.record() : null;
                        return echoed != null && Arrays.equals(echoed.value(), value);
                    }));
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(all ->
                        (int) answers.stream().filter(CompletableFuture::join).count());
    }

    CompletableFuture<Optional<byte[]>> search(
            byte[] key, int quorum, Consumer<byte[]> better, Consumer<QueryEvent> events) {
        Search search = new Search(key, quorum, better, events);
        records.value(key)
                .exceptionally(unreadable -> Optional.empty())
                .thenAcceptAsync(search::begin, environment.loop());
        return search.result;
    }

    /** One search for a value. */
    private final class Search {
        private final byte[] key;
        private final int quorum;
        private final Consumer<byte[]> better;
        private final Consumer<QueryEvent> events;
        private final CompletableFuture<Optional<byte[]>> result = new CompletableFuture<>();
        private final Set<PeerId> withBest = new HashSet<>();
        private byte @Nullable [] best;
        private boolean ownIsBest;
        private int valid;

        Search(byte[] key, int quorum, Consumer<byte[]> better, Consumer<QueryEvent> events) {
            this.key = key;
            this.quorum = quorum;
            this.better = better;
            this.events = events;
        }

        void begin(Optional<ValueRecord> own) {
            if (result.isDone()) {
                return;
            }
            own.ifPresent(record -> ownIsBest = consider(environment.network().self(), record));
            Query query =
                    Query.ofContent(environment, KadKey.hash(key), Message.getValue(key), events, this::onResponse);
            Futures.forward(query.start(), result, outcome -> {
                correct(outcome.nearest());
                return Optional.ofNullable(best);
            });
        }

        private boolean onResponse(Contact from, Message response) {
            ValueRecord record = response.record();
            if (record != null) {
                consider(from.peer(), record);
            }
            return quorum > 0 && valid >= quorum;
        }

        /** Answers whether the value is the best so far. */
        private boolean consider(PeerId from, ValueRecord record) {
            byte[] value = record.value();
            try {
                if (!Arrays.equals(record.key(), key)) {
                    throw new InvalidRecordException("record: of another key");
                }
                validators.validate(key, value);
            } catch (InvalidRecordException e) {
                environment.counters().add(Counter.INVALID_VALUES_RECEIVED);
                return false;
            }
            valid++;
            byte[] before = best;
            if (before != null && Arrays.equals(before, value)) {
                withBest.add(from);
                return true;
            }
            if (before != null && validators.select(key, List.of(before, value)) == 0) {
                return false;
            }
            best = value;
            ownIsBest = false;
            withBest.clear();
            withBest.add(from);
            events.accept(new QueryEvent(
                    QueryEvent.Kind.VALUE, from, List.of(), Base64.getEncoder().encodeToString(value)));
            better.accept(value);
            return true;
        }

        /** Tells those of the nearest that do not have the best value, and keeps it here if this node had another one. */
        private void correct(List<Contact> nearest) {
            byte[] value = best;
            if (value == null) {
                return;
            }
            List<Contact> without = nearest.stream()
                    .filter(contact -> !withBest.contains(contact.peer()))
                    .toList();
            without.forEach(contact -> environment.counters().add(Counter.VALUES_CORRECTED));
            store(without, key, value);
            if (!ownIsBest) {
                records.putValue(key, value).exceptionally(meanwhileBetter -> null);
            }
        }
    }
}
