/**
 * Who provides a key, where a peer is, which value a key has: the seam between those who ask (bitswap, names) and those who
 * know (the DHT, delegated routers).
 */
@NullMarked
package io.kafila.libp2p.routing;

import org.jspecify.annotations.NullMarked;
