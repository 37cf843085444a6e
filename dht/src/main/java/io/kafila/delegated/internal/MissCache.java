package io.kafila.delegated.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Questions to which the answer was "nothing known" lately, and whether the router wants to be left alone. Bounded: the oldest
 * question leaves first. Thread-safe.
 */
public final class MissCache {
    /** How many questions are remembered. */
    public static final int MAX_QUESTIONS = 4096;

    /** The longest time for which a router is believed to know nothing, or left alone, whatever it says. */
    public static final Duration LONGEST = Duration.ofMinutes(5);

    private final Map<String, Instant> misses = new LinkedHashMap<>();
    private Instant pausedUntil = Instant.MIN;

    public synchronized boolean isMiss(String question, Instant now) {
        Instant until = misses.get(question);
        if (until == null) {
            return false;
        }
        if (now.isBefore(until)) {
            return true;
        }
        misses.remove(question);
        return false;
    }

    public synchronized void miss(String question, Duration ttl, Instant now) {
        misses.remove(question);
        misses.put(question, now.plus(bounded(ttl)));
        if (misses.size() > MAX_QUESTIONS) {
            misses.remove(misses.keySet().iterator().next());
        }
    }

    /** Something was published: what was not there may be there now. */
    public synchronized void forget(String question) {
        misses.remove(question);
    }

    /** The router said "not now". */
    public synchronized void pause(Duration time, Instant now) {
        pausedUntil = now.plus(bounded(time));
    }

    public synchronized boolean isPaused(Instant now) {
        return now.isBefore(pausedUntil);
    }

    public synchronized int size() {
        return misses.size();
    }

    private static Duration bounded(Duration time) {
        if (time.isNegative()) {
            return Duration.ZERO;
        }
        return time.compareTo(LONGEST) < 0 ? time : LONGEST;
    }
}
