package io.kafila.daemon.internal.verbs;

import io.kafila.node.Version;
import java.util.Locale;

/** Which version this is of what. */
public final class Versions {
    /** The Kubo whose RPC and command line are followed; plain semver, since clients parse it. */
    public static final String RPC = "0.42.0";
    /** The number that Kubo 0.42 gives to its repo; clients compare it and nothing else. */
    static final String REPO = "18";

    private Versions() {}

    /** The version of this program, from its build. */
    public static String program() {
        return Version.current();
    }

    /** Processor and system as Go names them, such as {@code amd64/linux}. */
    public static String system() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String name = os.contains("mac") ? "darwin" : os.contains("win") ? "windows" : os;
        return architecture() + "/" + name;
    }

    static String architecture() {
        String arch = System.getProperty("os.arch", "");
        return arch.equals("x86_64") ? "amd64" : arch.equals("aarch64") ? "arm64" : arch;
    }
}
