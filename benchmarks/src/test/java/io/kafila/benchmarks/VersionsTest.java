package io.kafila.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.benchmarks.peer.DaemonCompetitor;
import io.kafila.benchmarks.peer.Lineup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionsTest {
    private static final String HARNESS = "jdk of kafila-reader, plain-file, hash-alone and the bounds";

    @TempDir
    private Path folder;

    private Map<String, String> versions(Optional<Path> javaHome) {
        Path launcher = folder.resolve("kafila");
        Lineup lineup = new Lineup(DaemonCompetitor.kafila(launcher, javaHome), List.of(), List.of(), Map.of());
        return new Versions(launcher, javaHome).of(lineup, Optional.empty());
    }

    @Test
    void of_anotherJdkForTheDaemons_alsoTellsThatOfTheHarness() throws Exception {
        Files.writeString(folder.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"99.0.1\"\n");

        assertThat(versions(Optional.of(folder)))
                .containsEntry("jdk", "99.0.1")
                .containsEntry(HARNESS, System.getProperty("java.vm.version"));
    }

    @Test
    void of_sameJdk_isToldOnce() {
        assertThat(versions(Optional.empty()))
                .containsEntry("jdk", System.getProperty("java.vm.version"))
                .doesNotContainKey(HARNESS);
    }
}
