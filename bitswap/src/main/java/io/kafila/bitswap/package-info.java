/**
 * Bitswap, the exchange of blocks between peers (ipfs/specs bitswap-protocol.md, 1.0.0 to 1.2.0).
 *
 * <p>{@link io.kafila.bitswap.Bitswap} is both sides: as an {@link io.kafila.blockstore.exchange.Exchange} it fetches blocks
 * that are not in the store, from many peers at once; and it serves the blocks of the store to peers that want them. What is
 * received is verified off the event loops and durable before a fetch completes.
 *
 * <p>Enter at {@link io.kafila.bitswap.Bitswap}; {@link io.kafila.bitswap.BitswapOptions} names the limits and their reasons.
 * All public types are thread-safe. Inside, everything but hashing and storing runs in one loop per exchange.
 */
@NullMarked
package io.kafila.bitswap;

import org.jspecify.annotations.NullMarked;
