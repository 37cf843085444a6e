package io.kafila.dht.internal;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;

/** How often each of what is counted has happened since the start. Thread-safe. */
public final class Counters {
    private static final Counter[] ALL = Counter.values();

    private final AtomicLongArray counts = new AtomicLongArray(ALL.length);

    @SuppressWarnings("EnumOrdinal") // an index into an array of exactly these
    public void add(Counter counter) {
        counts.incrementAndGet(counter.ordinal());
    }

    @SuppressWarnings("EnumOrdinal")
    public long get(Counter counter) {
        return counts.get(counter.ordinal());
    }

    public Map<String, Long> snapshot() {
        Map<String, Long> all = new TreeMap<>();
        for (Counter counter : ALL) {
            all.put(counter.text(), get(counter));
        }
        return all;
    }
}
