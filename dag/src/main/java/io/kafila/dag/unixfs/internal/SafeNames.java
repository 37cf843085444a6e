package io.kafila.dag.unixfs.internal;

import io.kafila.dag.unixfs.UnixfsException;
import io.kafila.multiformats.Cid;
import java.io.File;

/** Which names of a stranger's directory may become names on a disk. */
final class SafeNames {
    private SafeNames() {}

    /** @throws UnixfsException if {@code name} could lead out of the folder that it is put in */
    static void check(String name, Cid directory) {
        boolean unsafe = name.isEmpty()
                || name.equals(".")
                || name.equals("..")
                || name.indexOf('/') >= 0
                || (name.indexOf('\\') >= 0 && File.separatorChar == '\\')
                || name.indexOf('\0') >= 0;
        if (unsafe) {
            throw new UnixfsException("unixfs: directory " + directory + " has an entry named \"" + printable(name)
                    + "\", want a name that is safe to write: not empty, not . or .., without / and NUL");
        }
    }

    private static String printable(String name) {
        String shown = name.length() <= 80 ? name : name.substring(0, 80) + "...";
        return shown.replace("\0", "\\0");
    }
}
