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
            all.add(simulation.lookUp(simulation.newKeys(plan.keys()), plan.measuring()));
            all.add(simulation.provide(keys, plan.measuring()));
            all.add(simulation.find(keys, plan.measuring()));
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
                simulation.lookUp(fresh, plan.measuring()),
                simulation.find(keys, plan.measuring()).named("find old"),
                simulation.provide(fresh, plan.measuring()),
                simulation.find(fresh, plan.measuring()));
    }

    private void partition(List<Multihash> keys) {
        simulation.partition();
        simulation.run(plan.partition());
        phase("parted", () -> all(keys));
        simulation.heal();
        phase("healed", () -> List.of(simulation.lookUp(simulation.newKeys(plan.keys()), plan.measuring())));
        simulation.run(HEALING);
        phase("healed +" + HEALING.plus(plan.measuring()).toMinutes() + " min", () -> all(keys));
    }

    /** Half of the keys are provided before the attack, the other half after it: who finds an old record has not found a new one. */
    private void eclipse(List<Multihash> victims) {
        List<Multihash> before = victims.subList(0, DhtPlan.VICTIMS / 2);
        List<Multihash> after = victims.subList(DhtPlan.VICTIMS / 2, DhtPlan.VICTIMS);
        phase(
                "before eclipse",
                () -> List.of(
                        simulation.provide(before, plan.measuring()),
                        simulation.find(often(before), plan.measuring())));
        simulation.eclipse(victims, plan.eclipse(), plan.networks());
        simulation.run(ATTACKING);
        phase(
                "eclipse",
                () -> List.of(
                        simulation.lookUp(often(victims), plan.measuring()),
                        simulation.find(often(before), plan.measuring()).named("find old"),
                        simulation.provide(after, plan.measuring()),
                        simulation.find(often(after), plan.measuring())));
    }

    private List<Multihash> often(List<Multihash> keys) {
        List<Multihash> often = new ArrayList<>();
        Collections.nCopies(Math.max(1, plan.keys() / keys.size()), keys).forEach(often::addAll);
        return often;
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
