package io.kafila.libp2p.internal.limits;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestRateTest {
    private final RequestRate<String> rate = new RequestRate<>(3, 10, 2);

    @Test
    void tryTake_burstThenOnePerInterval() {
        long start = Long.MAX_VALUE - 15; // the clock may wrap
        for (int i = 0; i < 3; i++) {
            assertThat(rate.tryTake("a", start)).isTrue();
        }
        assertThat(rate.tryTake("a", start)).isFalse();
        assertThat(rate.tryTake("a", start + 9)).isFalse();
        assertThat(rate.tryTake("a", start + 10)).isTrue();
        assertThat(rate.tryTake("a", start + 11)).isFalse();
        assertThat(rate.tryTake("a", start + 20)).isTrue();
        for (int i = 0; i < 3; i++) {
            assertThat(rate.tryTake("a", start + 60)).isTrue();
        }
        assertThat(rate.tryTake("a", start + 60)).isFalse();
    }

    @Test
    void keys_areBounded_andForgottenWhenWhole() {
        rate.tryTake("a", 0);
        rate.tryTake("b", 0);
        rate.tryTake("c", 0);
        assertThat(rate.keyCount()).isEqualTo(2);
        rate.tryTake("d", 100);
        assertThat(rate.keyCount()).isEqualTo(1);
    }
}
