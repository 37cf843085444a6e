package io.kafila.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StatisticsTest {
    @Test
    void of_oddCount_medianIsTheMiddleOne() {
        assertThat(Statistics.of(9, 1, 5)).isEqualTo(new Statistics(3, 5, 1, 9));
    }

    @Test
    void of_evenCount_medianIsTheMeanOfTheMiddleTwo() {
        assertThat(Statistics.of(8, 2, 4, 1)).isEqualTo(new Statistics(4, 3, 1, 8));
    }

    @Test
    void of_nothing_isEmptyAndNotANumber() {
        assertThat(Statistics.of().isEmpty()).isTrue();
        assertThat(Statistics.of().median()).isNaN();
    }
}
