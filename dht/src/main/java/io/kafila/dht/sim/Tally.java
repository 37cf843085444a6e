package io.kafila.dht.sim;

import java.util.Arrays;

/** Counts operations of one kind as they end. */
final class Tally {
    private final String operation;
    private double[] hops = {};
    private double[] messages = {};
    private double[] millis = {};
    private int count;
    private int succeeded;
    private double quality;

    Tally(String operation) {
        this.operation = operation;
    }

    /** @param quality 0 to 1, see {@link Measurement#quality} */
    void add(boolean success, double quality, int hops, int messages, long nanos) {
        if (count == this.messages.length) {
            int larger = Math.max(64, 2 * count);
            this.hops = Arrays.copyOf(this.hops, larger);
            this.messages = Arrays.copyOf(this.messages, larger);
            this.millis = Arrays.copyOf(this.millis, larger);
        }
        this.hops[count] = hops;
        this.messages[count] = messages;
        this.millis[count] = nanos / 1e6;
        count++;
        succeeded += success ? 1 : 0;
        this.quality += quality;
    }

    int count() {
        return count;
    }

    Measurement measurement() {
        return new Measurement(
                operation,
                count,
                succeeded,
                count == 0 ? 0 : quality / count,
                Spread.of(Arrays.copyOf(hops, count)),
                Spread.of(Arrays.copyOf(messages, count)),
                Spread.of(Arrays.copyOf(millis, count)));
    }
}
