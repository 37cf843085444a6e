/**
 * What the stores in memory and on disk share: keys and hash sets, leases, cursors, the mark phase of garbage
 * collection. Nobody outside this module uses it.
 */
@NullMarked
package io.kafila.blockstore.internal;

import org.jspecify.annotations.NullMarked;
