package io.kafila.dht.internal.records;

import io.kafila.dht.InvalidRecordException;
import io.kafila.dht.internal.Counter;
import io.kafila.dht.internal.Counters;
import io.kafila.dht.internal.wire.MessageCodec;
import io.kafila.dht.internal.wire.ValueRecord;
import io.kafila.dht.internal.wire.WireException;
import io.kafila.libp2p.Datastore;
import io.kafila.libp2p.Datastore.Entry;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The best valid value that came for each key, with the time when it came. Bounded by {@link StoreLimits}: where they are
 * reached, values of new keys are refused and counted, known keys are renewed. Blocks; confined to the thread of the stores.
 *
 * <p>Layout: {@code v <key> -> record}, with the time of its arrival inside (ipfs/specs kad-dht.md, Record).
 */
public final class ValueStore {
    private static final char VALUES = 'v';
    private static final int PAGE = 128;
    /** What an entry takes besides key and value. */
    private static final int OVERHEAD_BYTES = 64;

    private final Datastore datastore;
    private final LongSupplier currentTimeMillis;
    private final Validators validators;
    private final StoreLimits limits;
    private final Counters counters;
    private long bytes;
    private byte[] sweptUpTo = {VALUES};

    /** Opens the store: sums up what is there. */
    public ValueStore(
            Datastore datastore,
            LongSupplier currentTimeMillis,
            Validators validators,
            StoreLimits limits,
            Counters counters) {
        this.datastore = datastore;
        this.currentTimeMillis = currentTimeMillis;
        this.validators = validators;
        this.limits = limits;
        this.counters = counters;
        byte[] kind = {VALUES};
        byte[] after = kind;
        for (List<Entry> page = datastore.scan(kind, after, PAGE);
                !page.isEmpty();
                page = datastore.scan(kind, after, PAGE)) {
            page.forEach(entry -> bytes += size(entry.key(), entry.value()));
            after = page.get(page.size() - 1).key();
        }
    }

    /** What all entries take. */
    public long sizeBytes() {
        return bytes;
    }

    /**
     * Keeps a value if it is valid and none better is known.
     *
     * @throws InvalidRecordException if it is not valid, not the best, or there is no room
     */
    public void put(byte[] key, byte[] value) {
        try {
            validators.validate(key, value);
        } catch (InvalidRecordException e) {
            counters.add(Counter.INVALID_VALUES_REFUSED);
            throw e;
        }
        byte[] place = RecordKeys.key(VALUES, key);
        byte[] stored = datastore.get(place);
        ValueRecord known = stored == null ? null : decode(stored);
        if (known != null && isValid(known) && validators.select(key, List.of(value, known.value())) != 0) {
            counters.add(Counter.OLDER_VALUES_REFUSED);
            throw new InvalidRecordException("record: a better value of the key is known");
        }
        Instant now = Instant.ofEpochMilli(currentTimeMillis.getAsLong());
        byte[] entry = MessageCodec.encode(new ValueRecord(key, value, now.toString()));
        long grown = size(place, entry) - (stored == null ? 0 : size(place, stored));
        if (grown > 0 && bytes + grown > limits.maxValueBytes()) {
            counters.add(Counter.VALUES_OF_FULL_STORE_REFUSED);
            throw new InvalidRecordException(
                    "record: values of " + bytes + " bytes are kept, want at most " + limits.maxValueBytes());
        }
        datastore.write(List.of(new Entry(place, entry)));
        bytes += grown;
        counters.add(Counter.VALUES_STORED);
    }

    /** The value of a key, if there is one that is not too old. */
    public @Nullable ValueRecord get(byte[] key) {
        byte[] place = RecordKeys.key(VALUES, key);
        byte[] stored = datastore.get(place);
        if (stored == null) {
            return null;
        }
        ValueRecord record = decode(stored);
        if (record == null || isExpired(record)) {
            delete(List.of(new Entry(place, stored)));
            return null;
        }
        return record;
    }

    /** Drops what is too old in the next part of the store; answers whether that was the last one. */
    public boolean sweep() {
        List<Entry> page = datastore.scan(new byte[] {VALUES}, sweptUpTo, PAGE);
        List<Entry> expired = new ArrayList<>();
        for (Entry entry : page) {
            byte[] value = entry.value();
            ValueRecord record = value == null ? null : decode(value);
            if (record == null || isExpired(record)) {
                expired.add(entry);
            }
        }
        delete(expired);
        boolean last = page.size() < PAGE;
        sweptUpTo = last ? new byte[] {VALUES} : page.get(PAGE - 1).key();
        return last;
    }

    private void delete(List<Entry> entries) {
        if (!entries.isEmpty()) {
            entries.forEach(entry -> bytes -= size(entry.key(), entry.value()));
            datastore.write(
                    entries.stream().map(entry -> new Entry(entry.key(), null)).toList());
        }
    }

    private boolean isValid(ValueRecord record) {
        if (isExpired(record)) {
            return false;
        }
        try {
            validators.validate(record.key(), record.value());
            return true;
        } catch (InvalidRecordException expiredMeanwhile) {
            return false;
        }
    }

    private boolean isExpired(ValueRecord record) {
        try {
            long age = currentTimeMillis.getAsLong()
                    - Instant.parse(record.timeReceived()).toEpochMilli();
            return age >= limits.valueAge().toMillis();
        } catch (DateTimeException e) {
            return true;
        }
    }

    private static @Nullable ValueRecord decode(byte[] stored) {
        try {
            return MessageCodec.decodeRecord(stored);
        } catch (WireException damaged) {
            return null;
        }
    }

    private static long size(byte[] key, byte @Nullable [] value) {
        return (long) key.length + (value == null ? 0 : value.length) + OVERHEAD_BYTES;
    }
}
