/**
 * The seam between the store and the disk: every file that the store owns is reached through
 * {@link io.kafila.blockstore.internal.disk.Disk}, so that tests can put a disk below it that loses, tears and reorders
 * what was not forced, and that fails. Also the pool of direct memory that reads go into.
 */
@NullMarked
package io.kafila.blockstore.internal.disk;

import org.jspecify.annotations.NullMarked;
