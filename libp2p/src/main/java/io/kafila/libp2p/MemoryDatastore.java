package io.kafila.libp2p;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A datastore that forgets everything with the process. Thread-safe. */
public final class MemoryDatastore implements Datastore {
    private final TreeMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);

    @Override
    public synchronized byte @Nullable [] get(byte[] key) {
        byte[] value = entries.get(key);
        return value == null ? null : value.clone();
    }

    @Override
    public synchronized void write(List<Entry> batch) {
        for (Entry entry : batch) {
            byte[] value = entry.value();
            if (value == null) {
                entries.remove(entry.key());
            } else {
                entries.put(entry.key().clone(), value.clone());
            }
        }
    }

    @Override
    public synchronized List<Entry> scan(byte[] prefix, byte[] after, int limit) {
        boolean fromPrefix = Arrays.compareUnsigned(prefix, after) > 0;
        List<Entry> found = new ArrayList<>();
        for (Map.Entry<byte[], byte[]> entry :
                entries.tailMap(fromPrefix ? prefix : after, fromPrefix).entrySet()) {
            if (found.size() == limit || !startsWith(entry.getKey(), prefix)) {
                break;
            }
            found.add(new Entry(entry.getKey().clone(), entry.getValue().clone()));
        }
        return found;
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }
}
