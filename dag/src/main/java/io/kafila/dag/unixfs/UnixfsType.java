package io.kafila.dag.unixfs;

import java.util.Optional;

/** What a UnixFS node is (specs.ipfs.tech/unixfs, Data.Type). */
public enum UnixfsType {
    /** A piece of a file; read like {@link #FILE}. */
    RAW(0),
    DIRECTORY(1),
    FILE(2),
    /** Never written by anybody; refused. */
    METADATA(3),
    SYMLINK(4),
    /** A node of a sharded directory. */
    HAMT_SHARD(5);

    private final int number;

    UnixfsType(int number) {
        this.number = number;
    }

    /** The number on the wire. */
    public int number() {
        return number;
    }

    public static Optional<UnixfsType> byNumber(long number) {
        for (UnixfsType type : values()) {
            if (type.number == number) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** Whether a node of this type has bytes of a file. */
    public boolean isFile() {
        return this == RAW || this == FILE;
    }

    /** Whether a node of this type has entries. */
    public boolean isDirectory() {
        return this == DIRECTORY || this == HAMT_SHARD;
    }
}
