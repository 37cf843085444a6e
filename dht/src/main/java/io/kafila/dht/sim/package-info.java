/**
 * The DHT in virtual time: thousands of nodes of the same code in one thread, over links with latency and loss, with churn,
 * partitions and attackers, all from one seed.
 *
 * <p>{@link io.kafila.dht.sim.DhtSimulation} is where to enter; {@code kafila bench dht} and the tests drive it. Nothing but the
 * streams and the wire format is simulated: routing table, lookups, records and answers are those of a real node. A simulation
 * is confined to the thread that made it.
 */
@NullMarked
package io.kafila.dht.sim;

import org.jspecify.annotations.NullMarked;
