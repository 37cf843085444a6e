package io.kafila.benchmarks.roofline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every probe works for a moment. The figures mean nothing. */
class StageMeasurementTest {
    private static final StageMeasurementOptions MOMENT =
            new StageMeasurementOptions(1, 0, Duration.ZERO, 1 << 20, 8 << 20);

    @Test
    void run_measuresEveryStage_andLeavesNothing(@TempDir Path folder) throws IOException {
        StageCosts costs = StageMeasurement.run(folder, MOMENT);

        Set<Stage> wanted = EnumSet.allOf(Stage.class);
        if (!DirectAccess.isOffered(folder)) {
            wanted.removeAll(Set.of(Stage.DISK_WRITE_DIRECT, Stage.DISK_READ));
        }
        assertThat(costs.costs().keySet()).isEqualTo(wanted);
        assertThat(costs.providers()).containsKeys(Stage.AES_SEAL, Stage.CHACHA_OPEN);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }
}
