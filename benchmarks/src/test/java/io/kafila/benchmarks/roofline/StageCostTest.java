package io.kafila.benchmarks.roofline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StageCostTest {
    private static final long GIB = 1L << 30;
    private static final long SECOND = 1_000_000_000L;

    @Test
    void median_oddRounds_middleOfEachFigureByItself() {
        StageCost cost = StageCost.median(List.of(
                new Sample(GIB, SECOND, 3 * SECOND),
                new Sample(GIB, 2 * SECOND, SECOND),
                new Sample(GIB, 4 * SECOND, 0)));

        assertThat(cost.bytesPerSecond()).isEqualTo(GIB / 2.0);
        assertThat(cost.cpuSecondsPerGib()).isEqualTo(1.0);
    }

    @Test
    void median_evenRounds_meanOfTheTwoInTheMiddle() {
        StageCost cost =
                StageCost.median(List.of(new Sample(GIB / 2, SECOND, SECOND), new Sample(GIB, SECOND, SECOND)));

        assertThat(cost.bytesPerSecond()).isEqualTo(GIB * 0.75);
        assertThat(cost.cpuSecondsPerGib()).isEqualTo(1.5);
    }

    @Test
    void median_noRounds_isRefused() {
        assertThatThrownBy(() -> StageCost.median(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sample_withoutTime_isRefused() {
        assertThatThrownBy(() -> new Sample(1, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 bytes in 0 ns");
    }

    @Test
    void table_listsStagesInOrder_withTheirProviders() {
        StageCosts costs = new StageCosts(
                Map.of(Stage.CHACHA_SEAL, new StageCost(2.03e9, 0.53), Stage.HASH, new StageCost(1.79e9, 0.6)),
                Map.of(Stage.CHACHA_SEAL, "conscrypt"));

        assertThat(costs.table()).isEqualTo("""
                        | stage | MB/s | CPU s/GiB | how |
                        |---|---:|---:|---|
                        | SHA-256 | 1790 | 0.600 | arrays of 1 MiB, one thread |
                        | ChaCha20-Poly1305 seal | 2030 | 0.530 | messages of 65,519 bytes; conscrypt |
                        """);
    }
}
