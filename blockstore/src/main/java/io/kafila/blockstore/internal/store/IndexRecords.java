package io.kafila.blockstore.internal.store;

import io.kafila.blockstore.BlockRepository.Records;
import io.kafila.blockstore.internal.Keys;
import io.kafila.blockstore.internal.index.Index;
import io.kafila.blockstore.internal.index.IndexBatch;
import io.kafila.blockstore.internal.index.Table;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The records of one namespace in the index, behind its name and a zero byte. Thread-safe. */
final class IndexRecords implements Records {
    private final Index index;
    private final byte[] namespace;

    IndexRecords(Index index, String namespace) {
        if (namespace.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("records: a namespace with a zero character");
        }
        this.index = index;
        this.namespace = (namespace + '\0').getBytes(StandardCharsets.UTF_8);
    }

    private byte[] key(byte[] key) {
        byte[] full = Arrays.copyOf(namespace, namespace.length + key.length);
        System.arraycopy(key, 0, full, namespace.length, key.length);
        return full;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return index.get(Table.RECORDS, key(key));
    }

    @Override
    public void write(List<Entry> batch) {
        IndexBatch writes = new IndexBatch();
        for (Entry entry : batch) {
            byte[] value = entry.value();
            if (value == null) {
                writes.delete(Table.RECORDS, key(entry.key()));
            } else {
                writes.put(Table.RECORDS, key(entry.key()), value);
            }
        }
        index.write(writes, true);
    }

    @Override
    public List<Entry> scan(byte[] prefix, byte[] after, int limit) {
        boolean fromPrefix = Keys.ORDER.compare(prefix, after) > 0;
        byte[] full = key(prefix);
        List<Entry> found = new ArrayList<>();
        for (Index.Entry entry : index.scan(Table.RECORDS, key(fromPrefix ? prefix : after), fromPrefix, limit)) {
            byte[] key = entry.key();
            if (key.length < full.length || !Arrays.equals(key, 0, full.length, full, 0, full.length)) {
                break;
            }
            found.add(new Entry(Arrays.copyOfRange(key, namespace.length, key.length), entry.value()));
        }
        return found;
    }
}
