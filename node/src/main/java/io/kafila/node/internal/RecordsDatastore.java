package io.kafila.node.internal;

import io.kafila.blockstore.BlockRepository.Records;
import io.kafila.libp2p.Datastore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The records of a repository, as the network's modules see them. Thread-safe. */
public final class RecordsDatastore implements Datastore {
    private final Records records;

    public RecordsDatastore(Records records) {
        this.records = records;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return records.get(key);
    }

    @Override
    public void write(List<Entry> batch) {
        records.write(batch.stream()
                .map(entry -> new Records.Entry(entry.key(), entry.value()))
                .toList());
    }

    @Override
    public List<Entry> scan(byte[] prefix, byte[] after, int limit) {
        return records.scan(prefix, after, limit).stream()
                .map(entry -> new Entry(entry.key(), entry.value()))
                .toList();
    }
}
