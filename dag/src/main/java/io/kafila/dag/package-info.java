/**
 * Graphs of blocks: codecs between bytes and nodes, paths that lead through them, walks over them.
 *
 * <p>{@link io.kafila.dag.Codecs} reads and writes the blocks of raw, dag-pb, dag-cbor and dag-json as {@link
 * io.kafila.dag.IpldNode}s, and finds their links without building nodes. {@link io.kafila.dag.PathResolver} follows a
 * {@link io.kafila.dag.ContentPath}, {@link io.kafila.dag.DagWalk} visits everything below a root. Blocks come from a
 * {@link io.kafila.blockstore.exchange.BlockSource}, so nothing here knows whether they were local.
 *
 * <p>UnixFS lies in the package {@code unixfs}, archives in {@code car}. Codecs are immutable; a walk belongs to one
 * consumer.
 */
@NullMarked
package io.kafila.dag;

import org.jspecify.annotations.NullMarked;
