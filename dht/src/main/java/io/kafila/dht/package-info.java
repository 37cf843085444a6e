/**
 * The Amino DHT: who is near a key, who provides content, which value a key has (ipfs/specs kad-dht.md).
 *
 * <p>The brains, the routing table and the lookup, are plain classes without I/O, thread or clock; one driver ties them to
 * the streams of a host, and the simulation ties the same classes to virtual time.
 */
@NullMarked
package io.kafila.dht;

import org.jspecify.annotations.NullMarked;
