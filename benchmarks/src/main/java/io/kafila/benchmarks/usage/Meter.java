package io.kafila.benchmarks.usage;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Reads what processes cost from its construction to {@link #stop}: CPU time and bytes written by their counters at both
 * ends, memory by sampling on a thread of its own.
 *
 * <p>What a process began in between is counted from its start. What ended in between is lost, unless its parent is on the
 * same side and waited for it. Commands that the harness runs are the side {@link #COMMANDS}; its own work is {@link
 * #HARNESS}, and no part of theirs, since its process also carries emulated links, which are nobody's cost.
 */
public final class Meter {
    /**
     * The side of the commands that this process starts and waits for, other than the processes of the other sides. What
     * they have written is not told apart from what this process has, which writes nothing meanwhile.
     */
    public static final String COMMANDS = "commands";

    /** The side of this process by itself. Its memory is that of the whole harness and says nothing, so none is told. */
    public static final String HARNESS = "harness";

    private static final long OWN_PID = ProcessHandle.current().pid();

    /** Finding the children of a process reads all of {@code /proc}, which must not become a cost of its own. */
    private static final long SAMPLE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Map<String, Supplier<Set<Long>>> sides;
    private final Map<String, Set<Long>> begun = new HashMap<>();
    private final Map<Long, ProcessReading> first = new HashMap<>();
    private final Map<String, Map<Long, ProcessReading>> last = new LinkedHashMap<>();
    private final Map<String, long[]> peaks = new LinkedHashMap<>();
    private final Thread sampler;
    private volatile boolean running = true;

    /** @param sides for each side, its processes at this moment */
    public Meter(Map<String, Supplier<Set<Long>>> sides) {
        this.sides = new LinkedHashMap<>(sides);
        this.sides.keySet().forEach(side -> {
            last.put(side, new HashMap<>());
            peaks.put(side, new long[2]);
        });
        read(first, true);
        this.sampler = new Thread(this::sample, "meter");
        sampler.setDaemon(true);
        sampler.start();
    }

    private void sample() {
        while (running) {
            read(new HashMap<>(), false);
            LockSupport.parkNanos(SAMPLE_NANOS);
        }
    }

    private synchronized void read(Map<Long, ProcessReading> seen, boolean search) {
        sides.forEach((side, pids) -> {
            long[] sum = new long[2];
            if (search || side.equals(COMMANDS)) {
                begun.put(side, pids.get());
            }
            boolean ours = side.equals(COMMANDS) || side.equals(HARNESS);
            long virtual = ours
                    ? ProcessReading.of(OWN_PID)
                            .map(ProcessReading::virtualBytes)
                            .orElse(0L)
                    : 0;
            for (long pid : begun.getOrDefault(side, Set.of())) {
                ProcessReading.of(pid).ifPresent(reading -> {
                    seen.put(pid, reading);
                    Objects.requireNonNull(last.get(side)).put(pid, reading);
                    // A command that is about to start still shares this process' memory.
                    if (!ours || (pid != OWN_PID && reading.virtualBytes() != virtual)) {
                        sum[0] += reading.anonBytes();
                        sum[1] += reading.residentBytes();
                    }
                });
            }
            long[] peak = Objects.requireNonNull(peaks.get(side));
            peak[0] = Math.max(peak[0], sum[0]);
            peak[1] = Math.max(peak[1], sum[1]);
        });
    }

    /** Ends the section; what each side cost. */
    public Map<String, Usage> stop() {
        read(new HashMap<>(), true);
        running = false;
        LockSupport.unpark(sampler);
        Map<String, Usage> result = new LinkedHashMap<>();
        sides.keySet().forEach(side -> result.put(side, usage(side)));
        return result;
    }

    private synchronized Usage usage(String side) {
        long user = 0;
        long system = 0;
        long written = 0;
        ProcessReading zero = new ProcessReading(0, 0, 0, 0, 0, 0, 0, 0);
        for (Map.Entry<Long, ProcessReading> entry :
                Objects.requireNonNull(last.get(side)).entrySet()) {
            ProcessReading end = entry.getValue();
            ProcessReading begin = first.getOrDefault(entry.getKey(), zero);
            boolean commands = side.equals(COMMANDS);
            if (commands && entry.getKey() != OWN_PID) {
                continue; // It is counted as a child of this process that has ended.
            }
            if (!commands) {
                user += end.userTicks() - begin.userTicks();
                system += end.systemTicks() - begin.systemTicks();
            }
            user += end.endedChildUserTicks() - begin.endedChildUserTicks();
            system += end.endedChildSystemTicks() - begin.endedChildSystemTicks();
            written += end.writtenBytes() - begin.writtenBytes();
        }
        long[] peak = Objects.requireNonNull(peaks.get(side));
        return new Usage(
                user / ProcessReading.TICKS_PER_SECOND,
                system / ProcessReading.TICKS_PER_SECOND,
                peak[0],
                peak[1],
                written);
    }

    /** The process of {@link #HARNESS}. */
    public static Supplier<Set<Long>> harness() {
        return () -> Set.of(OWN_PID);
    }

    /** The processes of {@link #COMMANDS}: this one, which reaps them, and its descendants, but for those of the other sides. */
    public static Supplier<Set<Long>> commands(Set<Long> others) {
        return () -> {
            Set<Long> pids = new HashSet<>();
            pids.add(OWN_PID);
            ProcessHandle.current().descendants().forEach(child -> {
                if (!others.contains(child.pid())) {
                    pids.add(child.pid());
                }
            });
            return pids;
        };
    }
}
