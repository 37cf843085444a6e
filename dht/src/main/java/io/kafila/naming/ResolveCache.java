package io.kafila.naming;

import io.kafila.dag.ContentPath;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What names stood for lately: at most so many, the longest unused one leaves first. Thread-safe. */
final class ResolveCache {
    private final int most;
    private final Duration longest;
    private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    /** @param until the first moment at which the entry is no longer believed */
    private record Entry(ContentPath value, Instant until) {}

    /**
     * @param most how many names; none where it is 0
     * @param longest how long any name is believed, whatever its record says
     */
    ResolveCache(int most, Duration longest) {
        this.most = most;
        this.longest = longest;
    }

    synchronized Optional<ContentPath> get(String name, Instant now) {
        Entry entry = entries.get(name);
        if (entry == null) {
            return Optional.empty();
        }
        if (!now.isBefore(entry.until)) {
            entries.remove(name);
            return Optional.empty();
        }
        return Optional.of(entry.value);
    }

    synchronized void put(String name, ContentPath value, Duration ttl, Instant now) {
        Duration kept = ttl.compareTo(longest) < 0 ? ttl : longest;
        if (most == 0 || kept.isZero() || kept.isNegative()) {
            entries.remove(name);
            return;
        }
        entries.put(name, new Entry(value, now.plus(kept)));
        if (entries.size() > most) {
            entries.remove(entries.keySet().iterator().next());
        }
    }

    synchronized void remove(String name) {
        entries.remove(name);
    }

    synchronized int size() {
        return entries.size();
    }
}
