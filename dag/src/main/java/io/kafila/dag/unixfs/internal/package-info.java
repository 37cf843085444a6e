/**
 * How UnixFS is built and read: chunkers, layouts, directory shards, the pooled buffers and the pipeline of an import,
 * the piece lists of a read.
 *
 * <p>The layouts, chunkers and shards are plain classes without I/O; the import's driver and the cursors tie them to
 * channels and block sources.
 */
@NullMarked
package io.kafila.dag.unixfs.internal;

import org.jspecify.annotations.NullMarked;
