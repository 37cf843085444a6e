package io.kafila.blockstore.internal;

import io.kafila.blockstore.BlockRepository.Records;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Records on the heap. Thread-safe. */
public final class MemoryRecords implements Records {
    private final NavigableMap<byte[], byte[]> values = new TreeMap<>(Keys.ORDER);

    @Override
    public synchronized byte @Nullable [] get(byte[] key) {
        byte[] value = values.get(key);
        return value == null ? null : value.clone();
    }

    @Override
    public synchronized void write(List<Entry> batch) {
        for (Entry entry : batch) {
            byte[] value = entry.value();
            if (value == null) {
                values.remove(entry.key());
            } else {
                values.put(entry.key().clone(), value.clone());
            }
        }
    }

    @Override
    public synchronized List<Entry> scan(byte[] prefix, byte[] after, int limit) {
        List<Entry> found = new ArrayList<>();
        boolean fromPrefix = Keys.ORDER.compare(prefix, after) > 0;
        NavigableMap<byte[], byte[]> rest = values.tailMap(fromPrefix ? prefix : after, fromPrefix);
        for (var each : rest.entrySet()) {
            byte[] key = each.getKey();
            if (found.size() >= limit || !startsWith(key, prefix)) {
                break;
            }
            found.add(new Entry(key.clone(), each.getValue().clone()));
        }
        return found;
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }
}
