package io.kafila.dht;

import java.time.Duration;

/**
 * How a node provides.
 *
 * @param interval after which a key is provided again; zero for never. Records live 48 h, so the default leaves room for churn
 * @param replication how many servers are told of a key, the k of the DHT
 * @param maxWorkers regions that are worked on at once, new keys and old ones together
 * @param periodicWorkers how many of them may be for keys that are provided again
 * @param maxConnsPerWorker servers that one worker tells at once
 */
public record ProvideOptions(
        Duration interval, int replication, int maxWorkers, int periodicWorkers, int maxConnsPerWorker) {
    public static final Duration DEFAULT_INTERVAL = Duration.ofHours(22);

    /** As Kubo's {@code Provide.DHT}; fewer workers, since each has a whole region. */
    public static final ProvideOptions DEFAULT = new ProvideOptions(DEFAULT_INTERVAL, 20, 4, 2, 20);

    public ProvideOptions {
        if (interval.isNegative()) {
            throw new IllegalArgumentException("provide: interval " + interval + ", want zero or more");
        }
        if (replication < 1 || maxWorkers < 1 || periodicWorkers < 1 || maxConnsPerWorker < 1) {
            throw new IllegalArgumentException("provide: replication " + replication + ", workers " + maxWorkers
                    + " and " + periodicWorkers + ", connections " + maxConnsPerWorker + ", want at least 1 of each");
        }
    }

    public ProvideOptions withInterval(Duration time) {
        return new ProvideOptions(time, replication, maxWorkers, periodicWorkers, maxConnsPerWorker);
    }

    public ProvideOptions withWorkers(int max, int periodic, int connsPerWorker) {
        return new ProvideOptions(interval, replication, max, periodic, connsPerWorker);
    }
}
