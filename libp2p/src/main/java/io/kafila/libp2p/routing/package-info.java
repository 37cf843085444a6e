/** Who provides a key: the seam between those who look for content (bitswap) and those who know where it is (the DHT). */
@NullMarked
package io.kafila.libp2p.routing;

import org.jspecify.annotations.NullMarked;
