package io.kafila.daemon.internal.command;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The requests that run, and for a while those that are done. Thread-safe; bounded by {@link #MAX_ENTRIES}. */
public final class RequestLog {
    /** More than these are forgotten, the oldest that are done first. */
    public static final int MAX_ENTRIES = 1024;

    private final Clock clock;
    private final Map<Long, Entry> entries = new LinkedHashMap<>();
    private Duration keep = Duration.ofHours(1);
    private long lastId;

    public RequestLog(Clock clock) {
        this.clock = clock;
    }

    /** A request; {@code ended} is null while it runs. */
    public record Entry(
            long id,
            String command,
            Map<String, Object> options,
            List<String> arguments,
            Instant started,
            @Nullable Instant ended) {}

    /** Notes that a request runs and answers its number. */
    public synchronized long begin(Request request) {
        long id = lastId++;
        entries.put(
                id,
                new Entry(
                        id,
                        String.join("/", request.path()),
                        request.options().all(),
                        List.copyOf(request.arguments()),
                        clock.instant(),
                        null));
        trim();
        return id;
    }

    public synchronized void end(long id) {
        Entry entry = entries.get(id);
        if (entry != null) {
            entries.put(
                    id, new Entry(id, entry.command, entry.options, entry.arguments, entry.started, clock.instant()));
        }
        trim();
    }

    public synchronized List<Entry> list() {
        trim();
        return new ArrayList<>(entries.values());
    }

    /** Forgets all that are done. */
    public synchronized void clear() {
        entries.values().removeIf(entry -> entry.ended != null);
    }

    public synchronized void keep(Duration time) {
        keep = time;
        trim();
    }

    public Instant now() {
        return clock.instant();
    }

    private void trim() {
        Instant oldest = clock.instant().minus(keep);
        entries.values().removeIf(entry -> entry.ended != null && entry.ended.isBefore(oldest));
        Iterator<Entry> all = entries.values().iterator();
        while (entries.size() > MAX_ENTRIES && all.hasNext()) {
            if (all.next().ended != null) {
                all.remove();
            }
        }
    }
}
