package io.kafila.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The Cid of any file or tree equals that of {@code ipfs add}, under both profiles. */
class CidInteropIT {
    private static final List<String> PROFILES = List.of("unixfs-v1-2025", "unixfs-v0-2015");

    @TempDir
    static Path home;

    private static final java.util.Map<String, Daemon> KUBO = new java.util.HashMap<>();
    private static final java.util.Map<String, Daemon> KAFILA = new java.util.HashMap<>();

    @BeforeAll
    static void start() {
        for (String profile : PROFILES) {
            KUBO.put(
                    profile,
                    Daemon.kubo(home.resolve("kubo-" + profile), "--profile=test," + profile)
                            .start());
            Daemon kafila = Daemon.kafila(home.resolve("kafila-" + profile));
            kafila.exec("config", "profile", "apply", profile).ok();
            KAFILA.put(profile, kafila.start());
        }
    }

    @AfterAll
    static void stop() {
        KUBO.values().forEach(Daemon::close);
        KAFILA.values().forEach(Daemon::close);
    }

    static Stream<Arguments> files() {
        return PROFILES.stream()
                .flatMap(profile -> Stream.of(
                                0L,
                                1L,
                                262_143L,
                                262_144L,
                                262_145L,
                                1_048_575L,
                                1_048_576L,
                                1_048_577L,
                                45_613_056L,
                                45_613_057L)
                        .map(size -> Arguments.of(profile, size)));
    }

    @ParameterizedTest
    @MethodSource("files")
    void file_sameCid(String profile, long sizeBytes) {
        Path file = Sample.file(home.resolve("file-" + sizeBytes), sizeBytes, sizeBytes);
        assertSame(profile, file);
    }

    static Stream<Arguments> trees() {
        return PROFILES.stream()
                .flatMap(profile -> Stream.of("flat", "nested", "odd").map(kind -> Arguments.of(profile, kind)));
    }

    @ParameterizedTest
    @MethodSource("trees")
    void tree_sameCid(String profile, String kind) {
        Path tree = home.resolve(kind);
        if (!Files.exists(tree)) {
            make(tree, kind);
        }
        assertSame(profile, tree);
    }

    private static void make(Path tree, String kind) {
        try {
            switch (kind) {
                case "flat" -> {
                    Files.createDirectories(tree);
                    for (int i = 0; i < 10_000; i++) {
                        Files.writeString(tree.resolve("entry-" + i), "" + i);
                    }
                }
                case "nested" -> {
                    Sample.folder(tree, 300, 3);
                    Sample.folder(tree.resolve("a/b/c/d"), 50, 4);
                }
                default -> {
                    Files.createDirectories(tree.resolve("empty/also empty"));
                    Files.writeString(tree.resolve("naïve ☕ 名前.txt"), "unicode");
                    Files.writeString(tree.resolve("naïve combining"), "unicode");
                    Files.writeString(tree.resolve(".hidden"), "hidden");
                    Files.writeString(tree.resolve("zero"), "");
                    Files.createSymbolicLink(tree.resolve("link"), Path.of("zero"));
                    Files.createSymbolicLink(tree.resolve("dangling"), Path.of("../nowhere"));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertSame(String profile, Path path) {
        List<String> theirs = KUBO.get(profile)
                .exec("add", "-r", "--hidden", "--progress=false", path.toString())
                .ok()
                .lines();
        List<String> ours = KAFILA.get(profile)
                .exec("add", "-r", "--hidden", "--progress=false", path.toString())
                .ok()
                .lines();
        assertThat(ours).isEqualTo(theirs);
    }
}
