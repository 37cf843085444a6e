/**
 * One DHT of a node, without its transport: {@link io.kafila.dht.internal.node.Kademlia} over a
 * {@link io.kafila.dht.internal.net.DhtNetwork} and a {@link io.kafila.dht.internal.net.DhtLoop}. Confined to the loop.
 */
@NullMarked
package io.kafila.dht.internal.node;

import org.jspecify.annotations.NullMarked;
