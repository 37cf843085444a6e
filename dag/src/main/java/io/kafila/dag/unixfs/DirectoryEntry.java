package io.kafila.dag.unixfs;

import io.kafila.multiformats.Cid;

/**
 * A name in a directory. The name is what the directory says, so a stranger's: it may hold slashes or be {@code ..}.
 *
 * @param tsize the bytes of all blocks below, as the writer of the directory counted them
 */
public record DirectoryEntry(String name, Cid cid, long tsize) {}
