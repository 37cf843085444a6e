package io.kafila.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BeginningsTest {
    @ParameterizedTest
    @CsvSource({
        "1024, 1500, 5", // a block within the first window
        "14480, 1500, 5", // exactly that
        "14481, 1500, 6",
        "262144, 1500, 9", // 14480 x (1 + 2 + 4 + 8 + 16)
        "1048576, 1500, 11",
        "1048576, 9000, 8"
    })
    void roundTripsNeeded_growWithTheBlockOverTheWindow(int blockBytes, int mtuBytes, int needed) {
        assertThat(Beginnings.roundTripsNeeded(blockBytes, mtuBytes)).isEqualTo(needed);
    }
}
