package io.kafila.dag.unixfs;

import java.util.Optional;

/** How the size of a directory is reckoned, which decides whether it is sharded (IPIP-499; Kubo's Import section). */
public enum DirectorySizeEstimation {
    /** The sum of the lengths of names and Cids. */
    LINKS("links"),
    /** The length of the block that the plain directory would be. */
    BLOCK("block"),
    /** Not at all: only the number of links decides. */
    DISABLED("disabled");

    private final String specName;

    DirectorySizeEstimation(String specName) {
        this.specName = specName;
    }

    /** The name in Kubo's configuration. */
    public String specName() {
        return specName;
    }

    public static Optional<DirectorySizeEstimation> byName(String specName) {
        for (DirectorySizeEstimation estimation : values()) {
            if (estimation.specName.equals(specName)) {
                return Optional.of(estimation);
            }
        }
        return Optional.empty();
    }
}
