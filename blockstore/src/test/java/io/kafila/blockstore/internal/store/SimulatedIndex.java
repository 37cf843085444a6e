package io.kafila.blockstore.internal.store;

import io.kafila.blockstore.internal.Keys;
import io.kafila.blockstore.internal.index.Index;
import io.kafila.blockstore.internal.index.IndexBatch;
import io.kafila.blockstore.internal.index.Table;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * An index that keeps a log, as RocksDB does: a crash loses a suffix of the batches that were not synced. Confined to
 * one thread.
 */
final class SimulatedIndex implements Index {
    private final SimulatedMachine machine;
    private final Map<Table, NavigableMap<byte[], byte[]>> durable = new EnumMap<>(Table.class);
    private final List<IndexBatch> log = new ArrayList<>();
    /** After a write has failed, nobody knows anything until the index is opened anew. */
    private boolean broken;

    private Map<Table, NavigableMap<byte[], byte[]>> current = new EnumMap<>(Table.class);

    SimulatedIndex(SimulatedMachine machine) {
        this.machine = machine;
        for (Table table : Table.values()) {
            durable.put(table, new TreeMap<>(Keys.ORDER));
            current.put(table, new TreeMap<>(Keys.ORDER));
        }
    }

    /** What is left when the power comes back. */
    void restart() {
        lose();
    }

    private void lose() {
        int kept = machine.random.nextInt(log.size() + 1);
        log.subList(0, kept).forEach(batch -> apply(batch, durable));
        log.clear();
        broken = false;
        current = new EnumMap<>(Table.class);
        durable.forEach((table, values) -> current.put(table, new TreeMap<>(values)));
    }

    /** Opens what is on disk. */
    SimulatedIndex opened() {
        if (broken) {
            lose();
        }
        return this;
    }

    /** As if the folder had been deleted. */
    void forgetEverything() {
        log.clear();
        durable.values().forEach(Map::clear);
        current.values().forEach(Map::clear);
    }

    private static void apply(IndexBatch batch, Map<Table, NavigableMap<byte[], byte[]>> tables) {
        for (IndexBatch.Change change : batch.changes()) {
            if (change.value() == null) {
                tables.get(change.table()).remove(change.key());
            } else {
                tables.get(change.table()).put(change.key(), change.value());
            }
        }
    }

    private void settle() {
        if (broken) {
            reopen();
        }
    }

    @Override
    public byte[] get(Table table, byte[] key) {
        machine.check();
        settle();
        return current.get(table).get(key);
    }

    @Override
    public List<Entry> scan(Table table, byte[] from, boolean inclusive, int limit) {
        machine.check();
        settle();
        return current.get(table).tailMap(from, inclusive).entrySet().stream()
                .limit(limit)
                .map(entry -> new Entry(entry.getKey(), entry.getValue()))
                .toList();
    }

    @Override
    public void write(IndexBatch batch, boolean sync) {
        machine.step();
        settle();
        boolean fails = machine.fails();
        broken = fails;
        if (fails && machine.random.nextBoolean()) {
            throw machine.indexFailure();
        }
        log.add(batch);
        if (fails) {
            // Written, perhaps: only opening the log again will tell.
            throw machine.indexFailure();
        }
        apply(batch, current);
        if (sync) {
            log.forEach(each -> apply(each, durable));
            log.clear();
        }
    }

    @Override
    public void reopen() {
        machine.step();
        if (machine.fails()) {
            throw machine.indexFailure();
        }
        lose();
    }

    @Override
    public long sizeBytes() {
        machine.check();
        return 0;
    }

    @Override
    public void close() {
        machine.check();
    }
}
