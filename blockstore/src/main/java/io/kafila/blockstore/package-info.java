/**
 * Where blocks live: the nouns {@link io.kafila.blockstore.Block} and {@link io.kafila.blockstore.Blockstore}, the
 * segment store on disk and the store in memory, pins and garbage collection.
 *
 * <p>Payloads lie in append-only segment files; RocksDB maps a multihash to its location and keeps inline copies of
 * small blocks, pins and references. A future of {@link io.kafila.blockstore.Blockstore#put} completes when the block
 * survives a kill. All futures complete on the store's own pool, never on the caller's event loop.
 *
 * <p>Enter at {@link io.kafila.blockstore.SegmentRepository} for a store on disk, at {@link
 * io.kafila.blockstore.MemoryBlockRepository} or {@link io.kafila.blockstore.MemoryBlockstore} for one that forgets. The
 * package {@code exchange} says where a block comes from that is not here.
 */
@NullMarked
package io.kafila.blockstore;

import org.jspecify.annotations.NullMarked;
