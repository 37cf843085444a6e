package io.kafila.dag.unixfs;

import java.util.Optional;

/** A set of import parameters that implementations agree on, so that the same bytes have the same Cid (IPIP-499). */
public enum ImportProfile {
    /** CIDv1, raw leaves, chunks of 1 MiB, 1024 links, directories sharded above 256 KiB of block. The default. */
    UNIXFS_V1_2025("unixfs-v1-2025"),
    /** CIDv0, dag-pb leaves, chunks of 256 KiB, 174 links, directories sharded above 256 KiB of names and Cids. */
    UNIXFS_V0_2015("unixfs-v0-2015");

    private final String specName;

    ImportProfile(String specName) {
        this.specName = specName;
    }

    public String specName() {
        return specName;
    }

    /** The profile of this name; {@code legacy-cid-v0} is another name of {@link #UNIXFS_V0_2015}, as in Kubo. */
    public static Optional<ImportProfile> byName(String name) {
        for (ImportProfile profile : values()) {
            if (profile.specName.equals(name)) {
                return Optional.of(profile);
            }
        }
        return name.equals("legacy-cid-v0") ? Optional.of(UNIXFS_V0_2015) : Optional.empty();
    }
}
