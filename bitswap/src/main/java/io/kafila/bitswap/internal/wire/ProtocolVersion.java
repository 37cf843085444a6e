package io.kafila.bitswap.internal.wire;

import java.util.List;
import java.util.stream.Stream;

/** The dialects of bitswap, best first. */
public enum ProtocolVersion {
    /** Wants may ask for a block's presence, answers may tell it. */
    V1_2("/ipfs/bitswap/1.2.0"),
    /** Blocks come with the prefix of their Cid. */
    V1_1("/ipfs/bitswap/1.1.0"),
    /** Blocks come bare; their Cid is version 0 with sha2-256. */
    V1_0("/ipfs/bitswap/1.0.0"),
    /** The same as 1.0.0 before ids had versions. */
    UNVERSIONED("/ipfs/bitswap");

    private final String id;

    ProtocolVersion(String id) {
        this.id = id;
    }

    public String id() {
        return id;
    }

    /** Whether the dialect knows WANT-HAVE, HAVE and DONT_HAVE. */
    public boolean presences() {
        return this == V1_2;
    }

    /** Whether blocks carry the prefix of their Cid. */
    public boolean prefixes() {
        return this == V1_2 || this == V1_1;
    }

    public static List<String> ids() {
        return Stream.of(values()).map(ProtocolVersion::id).toList();
    }

    public static ProtocolVersion of(String id) {
        for (ProtocolVersion version : values()) {
            if (version.id.equals(id)) {
                return version;
            }
        }
        throw new IllegalArgumentException("protocol " + id + ", want one of " + ids());
    }
}
