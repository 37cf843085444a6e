/**
 * Providing many keys with few lookups. Keys that lie near each other in the keyspace belong to the same peers, so they are
 * kept ordered by their points, and whoever is near them is looked up once for all.
 *
 * <p>{@link io.kafila.dht.internal.provide.ProvideSweep} is the brain: told of keys, of what lookups found and of what was sent, it
 * says what to do next. {@link io.kafila.dht.internal.provide.ProvideStore} keeps every key with the time when it was last
 * provided, which is all that has to survive a restart; {@link io.kafila.dht.internal.provide.ProvideSchedule} knows what is due, {@link
 * io.kafila.dht.internal.provide.RegionExploration} learns who is in a region. None has a socket, a thread or a clock; all are confined to one
 * thread.
 */
@NullMarked
package io.kafila.dht.internal.provide;

import org.jspecify.annotations.NullMarked;
