package io.kafila.dht.internal.provide;

import io.kafila.dht.ProvideOptions;
import io.kafila.dht.ProvideStat;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/** What a sweep has seen and done. Confined to one thread. */
final class SweepFigures {
    private final long startedMs;
    private String status = "offline";
    private long statusSinceMs;
    private long lookups;
    private long regions;
    private long regionBits;
    private long regionServers;
    private double coveredWidth;
    private long servers;
    private long serversReached;
    private long records;
    private long keysProvided;
    private long keysFailed;
    private long holders;
    private long freshKeys;
    private long dueKeys;
    private long freshMs;
    private long dueMs;
    private long dueRegions;
    private long cycleStartMs;
    private long cycleRegions;
    private long lastCycleRegions;

    SweepFigures(long nowMs) {
        startedMs = nowMs;
        statusSinceMs = nowMs;
        cycleStartMs = nowMs;
    }

    void onLookup() {
        lookups++;
    }

    long lookups() {
        return lookups;
    }

    void onExplored(Region region, int size) {
        regions++;
        regionBits += region.bits();
        regionServers += size;
        coveredWidth += region.width();
    }

    boolean knowsRegions() {
        return regions > 0;
    }

    /** How many bits the points of a region share, as far as is known. */
    int expectedBits() {
        return regions == 0 ? 0 : (int) (regionBits / regions);
    }

    void onAnnounced(int keys, boolean told) {
        servers++;
        if (told) {
            serversReached++;
            records += keys;
        }
    }

    void onProvided(int holdersOfKey, boolean fresh) {
        keysProvided++;
        holders += holdersOfKey;
        if (fresh) {
            freshKeys++;
        } else {
            dueKeys++;
        }
    }

    void onFailed(int keys) {
        keysFailed += keys;
    }

    void onJobEnded(RegionJob job, long nowMs) {
        long took = Math.max(1, nowMs - job.startedMs());
        if (job.kind() == RegionJob.Kind.FRESH) {
            freshMs += took;
        } else {
            dueMs += took;
            dueRegions++;
            cycleRegions++;
        }
    }

    void onOnline(long nowMs) {
        turn("online", nowMs);
    }

    void onOffline(long nowMs) {
        turn(status.equals("offline") ? "offline" : "disconnected", nowMs);
    }

    private void turn(String now, long nowMs) {
        if (!now.equals(status)) {
            status = now;
            statusSinceMs = nowMs;
        }
    }

    ProvideStat stat(
            ProvideOptions options,
            ProvideSchedule schedule,
            Collection<RegionJob> jobs,
            long dueNotBeforeMs,
            long nowMs) {
        long intervalMs = options.interval().toMillis();
        if (intervalMs > 0 && nowMs - cycleStartMs >= intervalMs) {
            cycleStartMs += (nowMs - cycleStartMs) / intervalMs * intervalMs;
            lastCycleRegions = cycleRegions;
            cycleRegions = 0;
        }
        int bits = Math.min(expectedBits(), ProvideSchedule.PART_BITS);
        int next = intervalMs > 0 ? schedule.oldestPart() : -1;
        Optional<Instant> nextAt = next < 0
                ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli(
                        Math.max(Math.max(dueNotBeforeMs, nowMs), schedule.oldestMs(next) + intervalMs)));
        int fresh = 0;
        int due = 0;
        int ongoingFresh = 0;
        int ongoingDue = 0;
        for (RegionJob job : jobs) {
            if (job.kind() == RegionJob.Kind.FRESH) {
                fresh++;
                ongoingFresh += job.pageSize();
            } else {
                due++;
                ongoingDue += job.pageSize();
            }
        }
        int freshParts = schedule.freshParts();
        int dueParts = intervalMs > 0 ? schedule.dueParts(nowMs - intervalMs) : 0;
        return new ProvideStat(
                false,
                new ProvideStat.Connectivity(status, Instant.ofEpochMilli(statusSinceMs)),
                new ProvideStat.Queues(schedule.freshCount(), freshParts, dueParts),
                new ProvideStat.Schedule(
                        schedule.keyCount(),
                        schedule.regions(bits),
                        regions == 0 ? 0 : (double) regionBits / regions,
                        nextAt,
                        next < 0 ? "" : new Region(ProvideSchedule.region(next).point(), bits).prefix()),
                new ProvideStat.Workers(
                        options.maxWorkers(),
                        due,
                        fresh,
                        options.maxWorkers() > 1 ? 1 : 0,
                        0,
                        dueParts,
                        freshParts,
                        options.maxConnsPerWorker()),
                new ProvideStat.Timing(
                        Duration.ofMillis(nowMs - startedMs),
                        options.interval(),
                        Instant.ofEpochMilli(cycleStartMs),
                        Duration.ofMillis(nowMs - cycleStartMs),
                        options.interval().dividedBy(ProvideSweep.CATCH_UP)),
                new ProvideStat.Operations(
                        fresh,
                        ongoingFresh,
                        due,
                        ongoingDue,
                        records,
                        keysProvided,
                        keysFailed,
                        perMinute(freshKeys, freshMs),
                        perMinute(dueKeys, dueMs),
                        Duration.ofMillis(dueRegions == 0 ? 0 : dueMs / dueRegions),
                        dueRegions == 0 ? 0 : (double) dueKeys / dueRegions,
                        Math.max(lastCycleRegions, cycleRegions),
                        lookups),
                new ProvideStat.Network(
                        (int) Math.min(Integer.MAX_VALUE, servers),
                        (int) Math.min(Integer.MAX_VALUE, serversReached),
                        coveredWidth >= 1,
                        regions == 0 ? 0 : (double) regionServers / regions,
                        keysProvided == 0 ? 0 : (double) holders / keysProvided,
                        options.replication()));
    }

    private static double perMinute(long keys, long ms) {
        return ms == 0 ? 0 : keys * 60_000.0 / ms;
    }
}
