package io.kafila.blockstore.internal.index;

/** The tables of the index. The names are part of the format on disk. */
public enum Table {
    /** The store's own numbers: format version, segments, totals. */
    META("meta"),
    /** Multihash to location. */
    BLOCKS("blocks"),
    /** Cid to pin. */
    PINS("pins"),
    /** Multihash to reference to a user's file. */
    REFERENCES("references"),
    /** The records of others, behind a prefix for each namespace. */
    RECORDS("records");

    private final String family;

    Table(String family) {
        this.family = family;
    }

    public String family() {
        return family;
    }
}
