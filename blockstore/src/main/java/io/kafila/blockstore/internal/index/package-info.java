/**
 * The seam between the store and its index: small ordered tables with atomic batches. RocksDB implements it; a
 * simulation in the tests forgets what was not synced.
 */
@NullMarked
package io.kafila.blockstore.internal.index;

import org.jspecify.annotations.NullMarked;
