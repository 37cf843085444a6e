package io.kafila.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFilesTest {
    @TempDir
    private Path folder;

    private static Report report(String seed) {
        return new Report(
                Instant.EPOCH,
                new Machine("cpu", 2, 24L << 30, "Linux 6", "ext4"),
                Map.of(),
                Map.of("seed", seed),
                Map.of(),
                Map.of(),
                Map.of(),
                List.of(),
                Map.of(),
                List.of());
    }

    @Test
    void write_again_replacesBothAndLeavesNothingElse() {
        ReportFiles files = new ReportFiles(folder.resolve("new"));
        assertThat(files.last()).isEmpty();
        files.write(report("17"));
        files.write(report("18"));

        assertThat(folder.resolve("new/results.json"))
                .content()
                .contains("\"18\"")
                .doesNotContain("\"17\"");
        assertThat(folder.resolve("new/report.html")).content().contains("18");
        assertThat(folder.resolve("new").toFile().list()).containsOnly("results.json", "report.html");
        assertThat(files.last()).contains(report("18"));
    }

    @Test
    void write_interruptedThread_writes() {
        ReportFiles files = new ReportFiles(folder);
        Thread.currentThread().interrupt();
        files.write(report("17"));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(folder.resolve("results.json")).content().contains("\"17\"");
    }
}
