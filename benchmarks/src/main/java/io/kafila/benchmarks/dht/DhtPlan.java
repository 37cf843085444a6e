package io.kafila.benchmarks.dht;

import io.kafila.dht.sim.SimOptions;
import java.time.Duration;

/**
 * What a simulation is to show. What is zero is left out.
 *
 * @param world what it begins with
 * @param keys how many operations of each kind are measured in each phase
 * @param measuring over how long the operations of one kind are spread in a phase
 * @param churnPerHour the share of the nodes that is replaced in an hour
 * @param churning how long, before what is measured under churn begins
 * @param partition how long the network is cut into two halves
 * @param sybils identities of an attacker, anywhere in the keyspace
 * @param eclipse identities of an attacker next to each of {@value #VICTIMS} keys
 * @param networks how many /16 networks the attacker has addresses in
 */
record DhtPlan(
        SimOptions world,
        int keys,
        Duration measuring,
        double churnPerHour,
        Duration churning,
        Duration partition,
        int sybils,
        int eclipse,
        int networks) {
    /** Keys that an eclipse is about. */
    static final int VICTIMS = 20;
}
