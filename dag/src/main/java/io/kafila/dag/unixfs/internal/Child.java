package io.kafila.dag.unixfs.internal;

import io.kafila.multiformats.Cid;

/**
 * A node that was made, as its parent sees it.
 *
 * @param tsize the bytes of all blocks of its graph
 * @param fileBytes the bytes of the file below it
 */
record Child(Cid cid, long tsize, long fileBytes) {}
