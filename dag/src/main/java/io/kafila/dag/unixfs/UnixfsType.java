package io.kafila.dag.unixfs;

/** What a UnixFS node is (specs.ipfs.tech/unixfs, Data.Type). The order is that of the numbers on the wire. */
public enum UnixfsType {
    /** A piece of a file; read like {@link #FILE}. */
    RAW,
    DIRECTORY,
    FILE,
    /** Never written by anybody; refused. */
    METADATA,
    SYMLINK,
    /** A node of a sharded directory. */
    HAMT_SHARD;

    /** Whether a node of this type has bytes of a file. */
    public boolean isFile() {
        return this == RAW || this == FILE;
    }

    /** Whether a node of this type has entries. */
    public boolean isDirectory() {
        return this == DIRECTORY || this == HAMT_SHARD;
    }
}
