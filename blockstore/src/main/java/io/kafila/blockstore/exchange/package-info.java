/**
 * Where a block comes from that is not in the store: the seam between those who want blocks (dag) and those who fetch
 * them (bitswap), so that neither knows the other.
 */
@NullMarked
package io.kafila.blockstore.exchange;

import org.jspecify.annotations.NullMarked;
