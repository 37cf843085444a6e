/**
 * {@code kafila bench dht}: the DHT in virtual time, see {@link io.kafila.dht.sim.DhtSimulation}.
 *
 * <p>{@link io.kafila.benchmarks.dht.DhtCommand} reads the command line, {@link io.kafila.benchmarks.dht.DhtExperiment} says what happens
 * when, {@link io.kafila.benchmarks.dht.DhtReport} tells it. One thread.
 */
@NullMarked
package io.kafila.benchmarks.dht;

import org.jspecify.annotations.NullMarked;
