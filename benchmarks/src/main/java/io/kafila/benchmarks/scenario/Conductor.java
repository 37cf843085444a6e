package io.kafila.benchmarks.scenario;

import io.kafila.benchmarks.BenchException;
import io.kafila.benchmarks.content.Content;
import io.kafila.benchmarks.content.ContentMaker;
import io.kafila.benchmarks.content.ContentSpec;
import io.kafila.benchmarks.peer.Fleet;
import io.kafila.benchmarks.scenario.ScenarioResult.LaneResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Lets the lanes of a scenario take their turns: a warm-up each that is not counted, then repetitions with fresh content,
 * each with all lanes one after the other, in an order that turns around from one repetition to the next.
 *
 * <p>A lane that fails has a failed run and goes on; after two failures it is not tried again. A turn that takes too long
 * is ended by ending the processes of the scenario. Confined to one thread, with one of its own for the turns.
 */
public final class Conductor {
    private static final int FAILURES_ALLOWED = 2;

    private final Pace pace;
    private final Runnable beforeTurn;
    private final Step beforeClock;
    private final LongSupplier nanoTime;
    private final Progress progress;

    /**
     * @param beforeTurn makes the machine ready for a turn
     * @param beforeClock makes it ready for the timed part of one, when all else of the turn is done
     * @param nanoTime the clock of the budget
     */
    public Conductor(Pace pace, Runnable beforeTurn, Step beforeClock, LongSupplier nanoTime, Progress progress) {
        this.pace = pace;
        this.beforeTurn = beforeTurn;
        this.beforeClock = beforeClock;
        this.nanoTime = nanoTime;
        this.progress = progress;
    }

    /**
     * Runs a scenario; the caller closes the fleet. One who closes it before ends the scenario, with the runs until then.
     *
     * @param link describes the links between the peers, asked at the end
     */
    public ScenarioResult conduct(Scenario scenario, Fleet fleet, ContentMaker maker, Supplier<String> link) {
        Map<Lane, List<Run>> runs = new LinkedHashMap<>();
        scenario.lanes().forEach(lane -> runs.put(lane, new ArrayList<>()));
        Map<Lane, Integer> failures = new LinkedHashMap<>();
        ExecutorService turns = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "turns");
            thread.setDaemon(true);
            return thread;
        });
        long start = nanoTime.getAsLong();
        Content kept = null;
        try {
            int first = pace.warmShare() > 0 ? 0 : 1;
            for (int number = first; number <= pace.repetitions() && !fleet.closed(); number++) {
                boolean over = nanoTime.getAsLong() - start > pace.budget().toNanos();
                if (over && number > pace.leastRepetitions()) {
                    progress.say(
                            "  the time is over after " + (number - 1) + " of " + pace.repetitions() + " repetitions");
                    break;
                }
                boolean fresh = scenario.freshContent();
                ContentSpec spec = number == 0 && fresh ? scenario.warmUp(pace.warmShare()) : scenario.content();
                Content content = kept != null ? kept : maker.make(spec, scenario.name() + "-" + number);
                try {
                    List<Lane> order = new ArrayList<>(scenario.lanes());
                    if (number % 2 == 0) {
                        Collections.reverse(order);
                    }
                    for (Lane lane : order) {
                        if (fleet.closed()) {
                            return result(scenario, fleet, runs, link);
                        }
                        turn(turns, lane, new Repetition(number, content, fleet, beforeClock), fleet, runs, failures);
                    }
                    if (fresh) {
                        clear(turns, fleet);
                    }
                } finally {
                    if (fresh) {
                        content.close();
                    } else {
                        kept = content;
                    }
                }
            }
        } catch (RuntimeException e) {
            if (!fleet.closed()) {
                throw e;
            }
            // Whoever ended the scenario did it; what was measured before remains.
        } finally {
            turns.shutdownNow();
            if (kept != null) {
                kept.close();
            }
        }
        return result(scenario, fleet, runs, link);
    }

    /** Of a scenario that was ended from outside, the lanes that had a turn. */
    private static ScenarioResult result(
            Scenario scenario, Fleet fleet, Map<Lane, List<Run>> runs, Supplier<String> link) {
        List<LaneResult> lanes = new ArrayList<>();
        runs.forEach((lane, list) -> {
            if (!list.isEmpty() || !fleet.closed()) {
                lanes.add(new LaneResult(lane.name(), list));
            }
        });
        return new ScenarioResult(scenario.name(), scenario.title(), scenario.workload(), link.get(), lanes);
    }

    private void turn(
            ExecutorService turns,
            Lane lane,
            Repetition repetition,
            Fleet fleet,
            Map<Lane, List<Run>> runs,
            Map<Lane, Integer> failures) {
        int number = repetition.number();
        List<Run> list = Objects.requireNonNull(runs.get(lane), lane.name());
        if (failures.getOrDefault(lane, 0) >= FAILURES_ALLOWED) {
            if (number > 0) {
                list.add(Run.failed(number, 0, "not tried after " + FAILURES_ALLOWED + " failures"));
            }
            return;
        }
        try {
            beforeTurn.run();
            run(turns, fleet, () -> lane.run(repetition));
            Run run = repetition.done();
            if (number > 0) {
                list.add(run);
            }
            progress.say(String.format(
                    "  %-8s %-28s %7.2f s %7.0f MiB/s%s",
                    number == 0 ? "warm-up" : number + "/" + pace.repetitions(),
                    lane.name(),
                    run.seconds(),
                    run.bytesPerSecond() / (1 << 20),
                    run.restarts() == 0 ? "" : ", after " + run.restarts() + " peers had ended and were started anew"));
        } catch (RuntimeException e) {
            if (fleet.closed()) {
                return; // It did not fail, it was ended.
            }
            failures.merge(lane, 1, Integer::sum);
            String why = String.valueOf(e.getMessage());
            progress.say("  " + number + "/" + pace.repetitions() + " " + lane.name() + " FAILED: " + why);
            list.add(Run.failed(number, repetition.restarts(), why));
        }
    }

    /** What cannot be given up is given up with its processes. */
    private void clear(ExecutorService turns, Fleet fleet) {
        try {
            run(turns, fleet, fleet::clear);
        } catch (BenchException e) {
            progress.say("  peers are started anew, since clearing failed: " + e.getMessage());
            fleet.kill();
        }
    }

    /** Something to do in the thread of the turns. */
    public interface Step {
        void run() throws Exception;
    }

    private void run(ExecutorService turns, Fleet fleet, Step step) {
        Future<?> future = turns.submit(() -> {
            step.run();
            return null;
        });
        try {
            future.get(pace.stepTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            fleet.kill();
            future.cancel(true);
            throw new BenchException("not done after " + pace.stepTimeout().toSeconds() + " s", e);
        } catch (InterruptedException e) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof BenchException known) {
                throw known;
            }
            throw new BenchException(cause.toString(), cause);
        }
    }
}
