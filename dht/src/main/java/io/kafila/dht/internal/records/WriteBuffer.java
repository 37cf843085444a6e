package io.kafila.dht.internal.records;

import io.kafila.libp2p.Datastore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A datastore in front of another one, that gathers writes until {@link #flush}, so that many records cost one force of the
 * disk. Reads see what was written. What a crash takes are the writes since the last flush. Confined to the thread of the
 * stores.
 */
public final class WriteBuffer implements Datastore {
    /** As many changes are written without being asked to. */
    static final int MAX_PENDING = 1024;

    private final Datastore disk;
    private final TreeMap<byte[], Entry> pending = new TreeMap<>(Arrays::compareUnsigned);

    public WriteBuffer(Datastore disk) {
        this.disk = disk;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        Entry entry = pending.get(key);
        return entry == null ? disk.get(key) : entry.value();
    }

    @Override
    public void write(List<Entry> batch) {
        batch.forEach(entry -> pending.put(entry.key(), entry));
        if (pending.size() >= MAX_PENDING) {
            flush();
        }
    }

    @Override
    public List<Entry> scan(byte[] prefix, byte[] after, int limit) {
        Map.Entry<byte[], Entry> first = pending.ceilingEntry(prefix);
        if (first != null && startsWith(first.getKey(), prefix)) {
            flush();
        }
        return disk.scan(prefix, after, limit);
    }

    /** Makes all durable that was written. */
    public void flush() {
        if (!pending.isEmpty()) {
            disk.write(new ArrayList<>(pending.values()));
            pending.clear();
        }
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }
}
