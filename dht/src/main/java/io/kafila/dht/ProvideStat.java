package io.kafila.dht;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What providing is at and what it has done since the start; the names are those of go-libp2p-kad-dht's provider/stats.
 *
 * @param closed whether it has ended; the rest is empty then
 */
public record ProvideStat(
        boolean closed,
        Connectivity connectivity,
        Queues queues,
        Schedule schedule,
        Workers workers,
        Timing timing,
        Operations operations,
        Network network) {

    /** @param status {@code online}, {@code disconnected} or, as long as nobody was ever reached, {@code offline} */
    public record Connectivity(String status, Instant since) {}

    /** @param pendingKeyProvides keys that were never provided */
    public record Queues(long pendingKeyProvides, long pendingRegionProvides, long pendingRegionReprovides) {}

    /** @param nextReprovidePrefix the bits of the region whose turn is next; empty for none */
    public record Schedule(
            long keys,
            long regions,
            double avgPrefixLength,
            Optional<Instant> nextReprovideAt,
            String nextReprovidePrefix) {}

    /** Workers in all, and by what they are for: old keys (periodic) or new ones (burst). */
    public record Workers(
            int max,
            int activePeriodic,
            int activeBurst,
            int dedicatedPeriodic,
            int dedicatedBurst,
            int queuedPeriodic,
            int queuedBurst,
            int maxProvideConnsPerWorker) {
        public int active() {
            return activePeriodic + activeBurst;
        }
    }

    public record Timing(
            Duration uptime,
            Duration reprovidesInterval,
            Instant cycleStart,
            Duration currentTimeOffset,
            Duration maxReprovideDelay) {}

    /**
     * @param recordsProvided records sent
     * @param keysFailed keys that nobody took, each time anew
     * @param lookups lookups of closest peers, which is what a sweep saves
     */
    public record Operations(
            int ongoingRegionProvides,
            int ongoingKeyProvides,
            int ongoingRegionReprovides,
            int ongoingKeyReprovides,
            long recordsProvided,
            long keysProvided,
            long keysFailed,
            double keysProvidedPerMinute,
            double keysReprovidedPerMinute,
            Duration regionReprovideDuration,
            double avgKeysPerReprovide,
            long regionsReprovidedLastCycle,
            long lookups) {}

    /** @param avgHolders servers that took a key, on average */
    public record Network(
            int peers,
            int reachable,
            boolean completeKeyspaceCoverage,
            double avgRegionSize,
            double avgHolders,
            int replicationFactor) {}
}
