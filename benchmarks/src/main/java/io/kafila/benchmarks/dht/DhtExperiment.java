package io.kafila.benchmarks.dht;

import io.kafila.dht.sim.Census;
import io.kafila.dht.sim.DhtSimulation;
import io.kafila.dht.sim.Measurement;
import io.kafila.multiformats.Multihash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * One network's life: it grows and is measured in peace, then under churn, in a partition and after it, and under attack, as far
 * as the plan has these. What was provided in peace is looked for in every phase.
 */
final class DhtExperiment {
    /** Over which the operations of one kind are spread in a phase. */
    private static final Duration MEASURING = Duration.ofMinutes(5);

    /** What tables have to learn after a partition: every node refreshes its table. */
    static final Duration HEALING = Duration.ofMinutes(11);

    /** What an attacker has before it is measured what came of it. */
    static final Duration ATTACKING = Duration.ofMinutes(30);

    /**
     * A part of the network's life, and what was measured in it.
     *
     * @param messagesPerNodeMinute what all nodes sent while it was measured, by node and minute
     */
    record Phase(String name, List<Measurement> measurements, Census census, double messagesPerNodeMinute) {}

    private final DhtPlan plan;
    private final Consumer<String> progress;
    private final DhtSimulation simulation;
    private final List<Phase> phases = new ArrayList<>();

    DhtExperiment(DhtPlan plan, Consumer<String> progress) {
        this.plan = plan;
        this.progress = progress;
        this.simulation = new DhtSimulation(plan.world());
    }

    List<Phase> run() {
        progress.accept(plan.world().nodes() + " nodes are joining");
        simulation.grow();
        List<Multihash> keys = simulation.newKeys(plan.keys());
        List<Multihash> victims = simulation.newKeys(DhtPlan.VICTIMS);
        phase("calm", () -> {
            List<Measurement> all = new ArrayList<>();
            all.add(simulation.lookUp(simulation.newKeys(plan.keys()), MEASURING));
            all.add(simulation.provide(keys, MEASURING));
            all.add(simulation.find(keys, MEASURING));
            return all;
        });
        if (plan.churnPerHour() > 0) {
            simulation.churn(plan.churnPerHour());
            simulation.run(plan.churning());
            phase("churn", () -> all(keys));
        }
        if (!plan.partition().isZero()) {
            partition(keys);
        }
        if (plan.sybils() > 0) {
            simulation.flood(plan.sybils(), plan.networks());
            simulation.run(ATTACKING);
            phase("flood", () -> all(keys));
        }
        if (plan.eclipse() > 0) {
            eclipse(victims);
        }
        return phases;
    }

    private List<Measurement> all(List<Multihash> keys) {
        List<Multihash> fresh = simulation.newKeys(plan.keys());
        return List.of(
                simulation.lookUp(fresh, MEASURING),
                simulation.find(keys, MEASURING).named("find old"),
                simulation.provide(fresh, MEASURING),
                simulation.find(fresh, MEASURING));
    }

    private void partition(List<Multihash> keys) {
        simulation.partition();
        simulation.run(plan.partition());
        phase("parted", () -> all(keys));
        simulation.heal();
        phase("healed", () -> List.of(simulation.lookUp(simulation.newKeys(plan.keys()), MEASURING)));
        simulation.run(HEALING);
        phase("healed +" + HEALING.plus(MEASURING).toMinutes() + " min", () -> all(keys));
    }

    private void eclipse(List<Multihash> victims) {
        List<Multihash> often = new ArrayList<>();
        Collections.nCopies(Math.max(1, plan.keys() / DhtPlan.VICTIMS), victims).forEach(often::addAll);
        phase(
                "before eclipse",
                () -> List.of(simulation.provide(victims, MEASURING), simulation.find(often, MEASURING)));
        simulation.eclipse(victims, plan.eclipse(), plan.networks());
        simulation.run(ATTACKING);
        phase(
                "eclipse",
                () -> List.of(
                        simulation.lookUp(often, MEASURING),
                        simulation.find(often, MEASURING).named("find old"),
                        simulation.provide(victims, MEASURING),
                        simulation.find(often, MEASURING)));
    }

    /** What is measured in a phase. */
    private interface Measuring {
        List<Measurement> run();
    }

    private void phase(String name, Measuring measuring) {
        progress.accept(name + ", at " + simulation.now().toMinutes() + " min of virtual time");
        long messages = simulation.messages();
        Duration begin = simulation.now();
        List<Measurement> measurements = measuring.run();
        double minutes = simulation.now().minus(begin).toMillis() / 60_000.0;
        double rate =
                (simulation.messages() - messages) / minutes / plan.world().nodes();
        phases.add(new Phase(name, measurements, simulation.census(), rate));
        progress.accept("so far:\n" + DhtReport.phases(plan, phases));
    }
}
