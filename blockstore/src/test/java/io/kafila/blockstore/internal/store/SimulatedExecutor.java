package io.kafila.blockstore.internal.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;

/** Runs tasks one at a time when told to, in an order that the random generator picks. Confined to one thread. */
final class SimulatedExecutor implements Executor {
    private final Random random;
    private final List<Runnable> tasks = new ArrayList<>();

    SimulatedExecutor(Random random) {
        this.random = random;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /** Runs one task; answers whether there was one. */
    boolean runOne() {
        if (tasks.isEmpty()) {
            return false;
        }
        int pick = random.nextInt(tasks.size());
        Runnable task = tasks.get(pick);
        tasks.set(pick, tasks.get(tasks.size() - 1));
        tasks.remove(tasks.size() - 1);
        try {
            task.run();
        } catch (SimulatedMachine.Crash e) {
            // The thread died with the machine.
            tasks.clear();
        }
        return true;
    }

    void clear() {
        tasks.clear();
    }
}
