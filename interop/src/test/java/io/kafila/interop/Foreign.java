package io.kafila.interop;

import io.kafila.testkit.Fixtures;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the foreign peers are. */
final class Foreign {
    private Foreign() {}

    /** Kubo's {@code ipfs}; skips the test where it is absent, or fails it under {@code CI=true}. */
    static Path kubo() {
        return required("kafila.interop.kubo", "Kubo: go build -o ipfs . in interop/kubo", "");
    }

    /** The folder in which Helia is installed. */
    static Path helia() {
        return required("kafila.interop.helia", "Helia: npm ci in a copy of interop/helia", "node_modules/helia");
    }

    private static Path required(String property, String how, String inside) {
        String value = System.getProperty(property, "");
        Path path = Path.of(value);
        Fixtures.require(
                !value.isEmpty() && Files.exists(path.resolve(inside)),
                "foreign peer absent: -D" + property + " is '" + value + "'. " + how);
        return path.toAbsolutePath();
    }
}
