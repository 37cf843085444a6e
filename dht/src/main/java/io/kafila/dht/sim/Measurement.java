package io.kafila.dht.sim;

/**
 * What operations of one kind did in one phase.
 *
 * @param operation {@code lookup}, {@code provide} or {@code find}
 * @param count how many were run
 * @param succeeded how many did what they are for. A lookup: named the server that is truly nearest. Provide: told at least one. Find:
 *     learnt of a provider
 * @param quality a lookup: the share of the truly nearest 20 that it named. Provide: told servers of 20. Find: the share of the
 *     finds whose provider was still there
 * @param hops the longest chain of answers each of which named the next peer to answer; lookups only
 * @param messages requests sent by the one who asks
 * @param millis virtual time
 */
public record Measurement(
        String operation, int count, int succeeded, double quality, Spread hops, Spread messages, Spread millis) {

    /** 0 to 1. */
    public double successRate() {
        return count == 0 ? 0 : (double) succeeded / count;
    }

    /** The same under another name. */
    public Measurement named(String name) {
        return new Measurement(name, count, succeeded, quality, hops, messages, millis);
    }
}
