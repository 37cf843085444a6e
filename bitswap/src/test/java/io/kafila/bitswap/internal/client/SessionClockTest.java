package io.kafila.bitswap.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SessionClockTest {
    @Test
    void now_storeIsBehind_standsStill_thenGoesOnWithoutAJump() {
        AtomicLong time = new AtomicLong(1000);
        SessionClock clock = new SessionClock(time::get, 100);
        clock.update(99);
        time.set(1010);
        assertThat(clock.now()).isEqualTo(1010);
        clock.update(100);
        time.set(1500);
        assertThat(clock.now()).isEqualTo(1010);
        clock.update(200);
        assertThat(clock.now()).isEqualTo(1010);
        time.set(1600);
        clock.update(0);
        assertThat(clock.now()).isEqualTo(1010);
        time.set(1605);
        assertThat(clock.now()).isEqualTo(1015);
        assertThat(clock.at(1603)).isEqualTo(1013);
        assertThat(clock.at(1700)).isEqualTo(1015);
    }
}
