package io.kafila.bitswap.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class RateEstimatorTest {
    private static final long MILLI = 1_000_000L;
    private static final int KIB = 1024;

    @Test
    void delivered_pipelinedBlocks_measureTheLink() {
        RateEstimator rate = new RateEstimator();
        assertThat(rate.known()).isFalse();
        rate.answered(0, 20 * MILLI);
        for (int i = 1; i <= 100; i++) {
            rate.delivered(100 * KIB, 0, 20 * MILLI + i * MILLI);
        }
        assertThat(rate.bytesPerSecond()).isCloseTo(100.0 * KIB * 1000, Percentage.withPercentage(5));
        assertThat(rate.latencyNanos()).isEqualTo(20 * MILLI);
    }

    @Test
    void delivered_linkChanges_isNoticedWithinASecond() {
        RateEstimator rate = new RateEstimator();
        long now = 0;
        for (int i = 0; i < 1000; i++) {
            rate.delivered(100 * KIB, 0, now += MILLI);
        }
        for (int i = 0; i < 20; i++) {
            rate.delivered(100 * KIB, 0, now += 100 * MILLI);
        }
        assertThat(rate.bytesPerSecond()).isLessThan(3.0 * 1024 * KIB);
    }

    @Test
    void delivered_manyAtOneInstant_claimsNoInfiniteSpeed() {
        RateEstimator rate = new RateEstimator();
        for (int i = 0; i < 1000; i++) {
            rate.delivered(100 * KIB, 0, 1);
        }
        assertThat(rate.bytesPerSecond()).isLessThanOrEqualTo(4.1e9);
    }

    @Test
    void timedOut_lowersTheRate() {
        RateEstimator rate = new RateEstimator();
        rate.delivered(1024 * KIB, 0, 100 * MILLI);
        double before = rate.bytesPerSecond();
        rate.timedOut(1000 * MILLI);
        assertThat(rate.bytesPerSecond()).isLessThan(before / 2);
    }
}
