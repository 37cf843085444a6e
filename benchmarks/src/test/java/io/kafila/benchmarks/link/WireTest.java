package io.kafila.benchmarks.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WireTest {
    private static final long MILLI = 1_000_000;
    /** 1 Gbit/s: 8 ns for each byte. */
    private static final LinkShape GIGABIT = LinkShape.of(Duration.ofMillis(100), 1_000_000_000);

    @Test
    void send_idleLink_takesTheDelayAndTheTimeOfSending() {
        assertThat(new Wire(GIGABIT, 1).send(7 * MILLI, 9000)).isEqualTo(7 * MILLI + 72_000 + 50 * MILLI);
    }

    @Test
    void send_burst_comesOutAtTheRate() {
        Wire wire = new Wire(GIGABIT, 1);
        for (int i = 1; i <= 1000; i++) {
            assertThat(wire.send(0, 9000)).isEqualTo(i * 72_000L + 50 * MILLI);
        }
        assertThat(wire.waitingNanos(0)).isEqualTo(72 * MILLI);
        assertThat(wire.waitingNanos(100 * MILLI)).isZero();
    }

    @Test
    void send_fullQueue_drops_andTakesAgainWhenItHasDrained() {
        Wire wire = new Wire(GIGABIT, 1);
        int taken = 0;
        while (wire.send(0, 9000) >= 0) {
            taken++;
        }
        assertThat(taken).isEqualTo((int) (GIGABIT.queueBytes() / 9000));
        assertThat(wire.send(0, 9000)).isEqualTo(Wire.DROPPED);
        assertThat(wire.send(72_000, 9000)).isPositive();
    }

    @Test
    void send_packetLongerThanTheQueue_passesAnIdleLink() {
        LinkShape slow = LinkShape.of(Duration.ZERO, 1000);
        assertThat(new Wire(slow, 1).send(0, (int) slow.queueBytes() + 1)).isPositive();
    }

    @Test
    void send_ratesThatAreNoWholeNanoseconds_addUp() {
        Wire wire = new Wire(LinkShape.of(Duration.ZERO, 3_000_000_000L), 1);
        long out = 0;
        for (int i = 0; i < 3000; i++) {
            out = wire.send(out, 125);
        }
        // 375 kB at 3 Gbit/s.
        assertThat(out).isBetween(990_000L, 1_000_000L);
    }

    @Test
    void loss_isItsShare_theSameForTheSameSeed() {
        LinkShape lossy = GIGABIT.withLoss(0.001);
        int[] first = lost(lossy, 5);
        assertThat(first.length).isBetween(900, 1100);
        assertThat(lost(lossy, 5)).isEqualTo(first);
        assertThat(lost(lossy, 6)).isNotEqualTo(first);
    }

    @Test
    void loss_takesItsTimeOnTheLink() {
        Wire wire = new Wire(GIGABIT.withLoss(0.999), 1);
        assertThat(wire.send(0, 9000)).isEqualTo(Wire.LOST);
        assertThat(wire.waitingNanos(0)).isEqualTo(72_000);
    }

    private static int[] lost(LinkShape shape, long seed) {
        Wire wire = new Wire(shape, seed);
        return java.util.stream.IntStream.range(0, 1_000_000)
                .filter(i -> wire.send(i * MILLI, 1000) == Wire.LOST)
                .toArray();
    }
}
