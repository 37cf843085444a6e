package io.kafila.dag.unixfs.internal;

import io.kafila.dag.unixfs.UnixfsType;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** How the leaves of one file become a tree. Holds one path of open nodes. Confined to one thread. */
interface FileLayout {

    /** The type of leaves that are not raw. */
    UnixfsType leafType();

    /** Whether a file of one leaf is that leaf. */
    boolean loneLeafIsRoot();

    void add(Child leaf);

    /** The root, after the last leaf. Where there was none and a lone leaf would be the root, the caller makes it. */
    Child finish(OptionalInt mode, Optional<Instant> mtime);
}
