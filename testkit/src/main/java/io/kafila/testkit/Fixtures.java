package io.kafila.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * The vectors that other projects publish, in the folder that the system property {@code kafila.fixtures} names.
 *
 * <p>Where the folder is absent a test that asks for it is skipped with a reason; with {@code CI=true} in the
 * environment it fails instead.
 */
public final class Fixtures {
    private Fixtures() {}

    /** The file or folder {@code path}, relative to the fixtures; skips or fails the test where it is absent. */
    public static Path path(String path) {
        Path file = root().resolve(path);
        require(Files.exists(file), "published vectors absent: " + file);
        return file;
    }

    public static byte[] bytes(String path) {
        try {
            return Files.readAllBytes(path(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String text(String path) {
        return new String(bytes(path), StandardCharsets.UTF_8);
    }

    /** Every regular file below the folder {@code path}, sorted. */
    public static List<Path> files(String path) {
        try (Stream<Path> files = Files.walk(path(path))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Skips the calling test with {@code reason} unless {@code present}; under {@code CI=true} fails it. */
    public static void require(boolean present, String reason) {
        if (present) {
            return;
        }
        if ("true".equals(System.getenv("CI"))) {
            Assertions.fail(reason + " (CI=true: an absence is a failure)");
        }
        Assumptions.abort(reason);
    }

    private static Path root() {
        String root = System.getProperty("kafila.fixtures");
        require(root != null && !root.isBlank(), "system property kafila.fixtures is not set");
        return Path.of(root == null ? "" : root);
    }
}
