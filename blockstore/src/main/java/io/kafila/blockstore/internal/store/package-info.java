/**
 * The segment store: the committer that writes groups and acknowledges them, reading, recovery, garbage collection with
 * compaction, verification and repair.
 *
 * <p>{@link io.kafila.blockstore.internal.store.SegmentStore} assembles it. All changes go through the one queue of the
 * {@link io.kafila.blockstore.internal.store.Committer}, whose order is the order on disk. Everything runs as short
 * tasks on executors that are passed in and none waits for another, so that a simulation can run it in one thread.
 */
@NullMarked
package io.kafila.blockstore.internal.store;

import org.jspecify.annotations.NullMarked;
