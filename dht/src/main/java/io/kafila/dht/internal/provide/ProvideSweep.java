package io.kafila.dht.internal.provide;

import io.kafila.dht.ProvideOptions;
import io.kafila.dht.ProvideStat;
import io.kafila.dht.internal.key.KadKey;
import io.kafila.dht.internal.key.Keyspace;
import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.Multihash;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Provides keys region by region. A region is explored once ({@link RegionExploration}), then every key in it that wants providing is
 * told to the k servers nearest to it, in pages; after each page the store knows. Confined to one thread.
 *
 * <p>There are two kinds of work, both in the order of the keyspace. New keys go out as soon as a worker is free. Old ones are due
 * {@code interval} after they were last provided, whenever that was: nothing else has to be remembered, so a restart
 * loses nothing and repeats at most the page of each worker. Regions of old keys follow one another no faster than that the
 * whole keyspace takes an eighth of the interval, so neither a long pause nor a large import is followed by a burst. What lies
 * in a due region and is at least half an interval old goes along, so that keys that came at different times fall into step.
 */
final class ProvideSweep {
    /** The whole keyspace of old keys takes at least this part of the interval. */
    static final int CATCH_UP = 8;

    /** New keys wait this long, so that those which come together go together. */
    static final long GATHER_MS = 500;

    /** A region whose keys nobody took is left alone for this long. */
    static final long RETRY_MS = 5 * 60_000;

    /** After a failed lookup nothing is tried for this long, then for twice as long, up to {@link #RETRY_MS}. */
    static final long FIRST_PAUSE_MS = 10_000;

    /** What to do. */
    sealed interface Action {
        /** Find the servers nearest to where {@code name} lies. */
        @SuppressWarnings("ArrayRecordComponent") // a carrier of bytes that nobody compares
        record Lookup(long job, byte[] name) implements Action {}

        /** Tell a server of keys. */
        record Announce(long job, Provider to, List<Multihash> keys) implements Action {}
    }

    private final ProvideOptions options;
    private final long intervalMs;
    private final Keyspace keyspace;
    private final IntSupplier usualBits;
    private final RandomGenerator random;
    private final ProvideStore store;
    private final ProvideSchedule schedule = new ProvideSchedule();
    private final SweepFigures figures;
    private final Map<Long, RegionJob> jobs = new LinkedHashMap<>();
    private final Deque<Action> actions = new ArrayDeque<>();
    private long lastJob;
    private int freshFrom;
    private int dueFrom;
    private long freshNotBeforeMs;
    private long dueNotBeforeMs;
    private long pausedUntilMs;
    private long pauseMs = FIRST_PAUSE_MS;

    /**
     * Reads what the store holds; blocks briefly.
     *
     * @param usualBits see {@link io.kafila.dht.Announcer#usualBits}
     */
    ProvideSweep(
            ProvideOptions options,
            ProvideStore store,
            Keyspace keyspace,
            IntSupplier usualBits,
            RandomGenerator random,
            long nowMs) {
        this.options = options;
        this.intervalMs = options.interval().toMillis();
        this.store = store;
        this.keyspace = keyspace;
        this.usualBits = usualBits;
        this.random = random;
        this.figures = new SweepFigures(nowMs);
        KadKey after = null;
        for (List<ProvideStore.Key> page = store.scan(Region.ALL, after);
                !page.isEmpty();
                page = store.scan(Region.ALL, after)) {
            page.forEach(schedule::count);
            after = page.get(page.size() - 1).at();
        }
    }

    /** Keys to provide now and again every interval; those that are known keep their times. */
    void add(Collection<Multihash> hashes, long nowMs) {
        insert(hashes, false, nowMs);
    }

    /** Keys to provide once, now. One that is known is provided anew and stays. */
    void addOnce(Collection<Multihash> hashes, long nowMs) {
        insert(hashes, true, nowMs);
    }

    private void insert(Collection<Multihash> hashes, boolean once, long nowMs) {
        int round = store.round();
        Map<KadKey, ProvideStore.Key> changed = new LinkedHashMap<>();
        for (Multihash hash : hashes) {
            KadKey at = KadKey.of(hash);
            ProvideStore.Key known = store.get(at);
            if (known == null) {
                changed.put(at, new ProvideStore.Key(at, hash, 0, round, once));
            } else if (once) {
                changed.put(at, known.providedAt(0));
            } else if (known.once() || known.round() != round) {
                changed.put(at, known.wantedIn(round));
            }
        }
        if (changed.isEmpty()) {
            return;
        }
        if (schedule.freshCount() == 0) {
            freshNotBeforeMs = nowMs + GATHER_MS;
        }
        store.put(changed.values());
        changed.keySet().stream().mapToInt(ProvideSchedule::part).distinct().forEach(this::recount);
    }

    /** Begins a round, in which all keys that are wanted are to be {@linkplain #add added} again. */
    void beginRound() {
        store.nextRound();
    }

    /** Ends a round: keys that were not added since are forgotten. @return how many */
    int endRound() {
        int round = store.round();
        int forgotten = 0;
        KadKey after = null;
        for (List<ProvideStore.Key> page = store.scan(Region.ALL, after);
                !page.isEmpty();
                page = store.scan(Region.ALL, after)) {
            after = page.get(page.size() - 1).at();
            List<ProvideStore.Key> gone = page.stream()
                    .filter(key -> !key.once() && key.round() != round)
                    .toList();
            if (!gone.isEmpty()) {
                store.remove(gone);
                gone.stream()
                        .mapToInt(key -> ProvideSchedule.part(key.at()))
                        .distinct()
                        .forEach(this::recount);
                forgotten += gone.size();
            }
        }
        return forgotten;
    }

    /** Takes new keys out of the queue; they are due in half an interval, as if they had been provided half an interval ago. @return how many */
    int clear(long nowMs) {
        int cleared = 0;
        for (int part = schedule.nextFresh(0, Long.MAX_VALUE);
                part >= 0;
                part = schedule.nextFresh(part, Long.MAX_VALUE)) {
            List<ProvideStore.Key> changed = new ArrayList<>();
            List<ProvideStore.Key> gone = new ArrayList<>();
            forEach(ProvideSchedule.region(part), key -> {
                if (key.providedMs() == 0) {
                    (key.once() ? gone : changed).add(key.providedAt(Math.max(1, nowMs - intervalMs / 2)));
                }
            });
            store.put(changed);
            store.remove(gone);
            cleared += changed.size() + gone.size();
            recount(part);
        }
        return cleared;
    }

    /** Makes every key due now; the regions keep their pace. */
    void makeAllDue() {
        forEach(Region.ALL, key -> {
            if (key.providedMs() > 1) {
                store.put(List.of(key.providedAt(1)));
            }
        });
        for (int part = 0; part < ProvideSchedule.PARTS; part++) {
            schedule.reset(part);
        }
        forEach(Region.ALL, schedule::count);
        dueNotBeforeMs = 0;
    }

    private interface Visitor {
        void visit(ProvideStore.Key key);
    }

    private void forEach(Region region, Visitor visitor) {
        KadKey after = null;
        for (List<ProvideStore.Key> page = store.scan(region, after);
                !page.isEmpty();
                page = store.scan(region, after)) {
            page.forEach(visitor::visit);
            after = page.get(page.size() - 1).at();
        }
    }

    private void recount(int part) {
        schedule.reset(part);
        forEach(ProvideSchedule.region(part), schedule::count);
    }

    /** What is to be done now, in order; {@code null} for nothing before {@link #wakeAtMs}. */
    @Nullable
    Action next(long nowMs) {
        while (actions.isEmpty() && startJob(nowMs)) {
            // a job may end without an action
        }
        return actions.poll();
    }

    /** When {@link #next} may have something without having been told anything; {@link Long#MAX_VALUE} for never. */
    long wakeAtMs(long nowMs) {
        long fresh = schedule.freshCount() > 0 ? Math.max(freshNotBeforeMs, nowMs + 1) : Long.MAX_VALUE;
        int oldest = intervalMs > 0 ? schedule.oldestPart() : -1;
        long due = oldest < 0
                ? Long.MAX_VALUE
                : Math.max(dueNotBeforeMs, Math.max(nowMs + 1, schedule.oldestMs(oldest) + intervalMs));
        long wake = Math.min(fresh, due);
        if (wake <= nowMs + 1 && !jobs.isEmpty()) {
            return Long.MAX_VALUE; // the jobs wake
        }
        return wake == Long.MAX_VALUE ? wake : Math.max(Math.max(wake, pausedUntilMs), nowMs + GATHER_MS);
    }

    private boolean startJob(long nowMs) {
        // how large regions are shows the first one; until then a second worker would take the same
        int workers = figures.knowsRegions() ? options.maxWorkers() : 1;
        if (nowMs < pausedUntilMs || jobs.size() >= workers) {
            return false;
        }
        RegionJob job = freshJob(nowMs);
        if (job == null) {
            job = dueJob(nowMs);
        }
        if (job == null) {
            return false;
        }
        jobs.put(job.id(), job);
        lookUp(job, nowMs);
        return true;
    }

    private @Nullable RegionJob freshJob(long nowMs) {
        // one worker is kept for old keys that are due, or many new ones would let them expire
        int reserved = options.maxWorkers() > 1 && isDue(nowMs) ? 1 : 0;
        if (nowMs < freshNotBeforeMs || active(RegionJob.Kind.FRESH) >= options.maxWorkers() - reserved) {
            return null;
        }
        return job(RegionJob.Kind.FRESH, nowMs);
    }

    private boolean isDue(long nowMs) {
        return intervalMs > 0
                && nowMs >= dueNotBeforeMs
                && active(RegionJob.Kind.DUE) == 0
                && schedule.nextDue(0, nowMs - intervalMs, nowMs) >= 0;
    }

    private @Nullable RegionJob dueJob(long nowMs) {
        if (intervalMs == 0 || nowMs < dueNotBeforeMs || active(RegionJob.Kind.DUE) >= options.periodicWorkers()) {
            return null;
        }
        RegionJob job = job(RegionJob.Kind.DUE, nowMs);
        if (job != null) {
            dueNotBeforeMs = nowMs + paceMs(job.expected());
        }
        return job;
    }

    private long paceMs(Region region) {
        return (long) (region.width() * intervalMs / CATCH_UP);
    }

    /** The next job of a kind outside of the regions that others work on. */
    private @Nullable RegionJob job(RegionJob.Kind kind, long nowMs) {
        boolean fresh = kind == RegionJob.Kind.FRESH;
        long limitMs = nowMs - intervalMs;
        int from = fresh ? freshFrom : dueFrom;
        for (int seen = 0; seen < ProvideSchedule.PARTS; ) {
            int part = fresh ? schedule.nextFresh(from, nowMs) : schedule.nextDue(from, limitMs, nowMs);
            if (part < 0) {
                return null;
            }
            Region taken = takenAround(ProvideSchedule.region(part));
            int next = taken == null ? part + 1 : lastPart(taken) + 1;
            seen += Math.floorMod(next - 1 - from, ProvideSchedule.PARTS) + 1;
            from = next % ProvideSchedule.PARTS;
            if (taken == null) {
                ProvideStore.Key first = first(part, kind, limitMs);
                if (first != null) {
                    RegionJob job = new RegionJob(
                            ++lastJob,
                            kind,
                            new RegionExploration(
                                    first.hash().bytes(), options.replication(), usualBits, keyspace, random),
                            new Region(first.at(), figures.expectedBits()),
                            nowMs);
                    turnTo(kind, lastPart(job.expected()) + 1);
                    return job;
                }
            }
        }
        return null;
    }

    private void turnTo(RegionJob.Kind kind, int part) {
        if (kind == RegionJob.Kind.FRESH) {
            freshFrom = part % ProvideSchedule.PARTS;
        } else {
            dueFrom = part % ProvideSchedule.PARTS;
        }
    }

    private ProvideStore.@Nullable Key first(int part, RegionJob.Kind kind, long limitMs) {
        ProvideStore.Key[] found = new ProvideStore.Key[1];
        forEach(ProvideSchedule.region(part), key -> {
            boolean wanted = kind == RegionJob.Kind.FRESH
                    ? key.providedMs() == 0
                    : key.providedMs() > 0 && key.providedMs() <= limitMs;
            if (found[0] == null && wanted) {
                found[0] = key;
            }
        });
        return found[0];
    }

    private @Nullable Region takenAround(Region part) {
        for (RegionJob job : jobs.values()) {
            Region taken = job.taken();
            if (taken.contains(part.point()) || part.contains(taken.point())) {
                return taken;
            }
        }
        return null;
    }

    private static int lastPart(Region region) {
        int first = ProvideSchedule.part(region.point());
        return region.bits() >= ProvideSchedule.PART_BITS
                ? first
                : first + (ProvideSchedule.PARTS >> region.bits()) - 1;
    }

    private int active(RegionJob.Kind kind) {
        int count = 0;
        for (RegionJob job : jobs.values()) {
            if (job.kind() == kind) {
                count++;
            }
        }
        return count;
    }

    private void lookUp(RegionJob job, long nowMs) {
        byte[] name = job.exploration().next();
        if (name != null) {
            figures.onLookup();
            actions.add(new Action.Lookup(job.id(), name));
            return;
        }
        Region region = job.exploration().region();
        job.explored();
        figures.onExplored(region, job.exploration().size());
        turnTo(job.kind(), lastPart(region) + 1);
        if (job.kind() == RegionJob.Kind.DUE) {
            dueNotBeforeMs = Math.max(nowMs, job.startedMs() + paceMs(region));
        }
        nextPage(job, nowMs);
    }

    /** What a lookup found, nearest first; {@code null} if it failed. */
    void onClosest(long id, @Nullable List<Provider> closest, long nowMs) {
        RegionJob job = jobs.get(id);
        if (job == null) {
            return;
        }
        if (closest == null || closest.isEmpty()) {
            jobs.remove(id);
            pausedUntilMs = nowMs + pauseMs;
            pauseMs = Math.min(2 * pauseMs, RETRY_MS);
            figures.onOffline(nowMs);
            return;
        }
        pauseMs = FIRST_PAUSE_MS;
        figures.onOnline(nowMs);
        job.exploration().onClosest(closest);
        lookUp(job, nowMs);
    }

    /** Plans the next keys of a job's region that want providing, or ends the job. */
    private void nextPage(RegionJob job, long nowMs) {
        Region region = job.exploration().region();
        long limitMs = nowMs - (job.kind() == RegionJob.Kind.DUE ? intervalMs / 2 : intervalMs);
        while (true) {
            List<ProvideStore.Key> page = store.scan(region, job.after());
            if (page.isEmpty()) {
                end(job, nowMs);
                return;
            }
            job.scannedTo(page.get(page.size() - 1).at());
            List<ProvideStore.Key> wanted = page.stream()
                    .filter(key -> key.providedMs() == 0 || (intervalMs > 0 && key.providedMs() <= limitMs))
                    .toList();
            if (!wanted.isEmpty()) {
                job.beginPage(wanted);
                proceed(job);
                return;
            }
        }
    }

    private void proceed(RegionJob job) {
        for (Provider to = job.nextServer(options.maxConnsPerWorker());
                to != null;
                to = job.nextServer(options.maxConnsPerWorker())) {
            actions.add(new Action.Announce(job.id(), to, job.keysFor(to)));
        }
    }

    /** Whether a server was told of the keys of an {@link Action.Announce}. */
    void onAnnounced(long id, Provider to, boolean told, long nowMs) {
        RegionJob job = jobs.get(id);
        if (job == null) {
            return;
        }
        figures.onAnnounced(job.keysFor(to).size(), told);
        job.answered(to, told);
        if (!job.isPageOver()) {
            proceed(job);
            return;
        }
        List<ProvideStore.Key> kept = new ArrayList<>();
        List<ProvideStore.Key> gone = new ArrayList<>();
        int failed = 0;
        for (ProvideStore.Key key : job.page()) {
            int holders = job.holders(key);
            if (holders == 0) {
                failed++;
                job.leaveAlone(ProvideSchedule.part(key.at()));
            } else {
                figures.onProvided(holders, key.providedMs() == 0);
                (key.once() ? gone : kept).add(key.providedAt(nowMs));
            }
        }
        figures.onFailed(failed);
        store.put(stillThere(kept));
        store.remove(gone);
        nextPage(job, nowMs);
    }

    /** A key that was given up meanwhile must not come back, and one that is wanted in a newer round stays wanted. */
    private List<ProvideStore.Key> stillThere(List<ProvideStore.Key> provided) {
        List<ProvideStore.Key> present = new ArrayList<>(provided.size());
        for (ProvideStore.Key key : provided) {
            ProvideStore.Key now = store.get(key.at());
            if (now != null) {
                present.add(now.providedAt(key.providedMs()));
            }
        }
        return present;
    }

    private void end(RegionJob job, long nowMs) {
        jobs.remove(job.id());
        // a small cluster is one region of all parts, of which a job changes few
        job.touched().stream().forEach(this::recount);
        job.leftAlone().forEach(part -> schedule.leaveAlone(part, nowMs + RETRY_MS));
        figures.onJobEnded(job, nowMs);
    }

    long keyCount() {
        return schedule.keyCount();
    }

    long queuedCount() {
        return schedule.freshCount();
    }

    long lookups() {
        return figures.lookups();
    }

    /** Everything there is to tell. */
    ProvideStat stat(long nowMs) {
        return figures.stat(options, schedule, jobs.values(), dueNotBeforeMs, nowMs);
    }
}
