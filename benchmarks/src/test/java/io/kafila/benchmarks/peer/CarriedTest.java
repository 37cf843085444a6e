package io.kafila.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CarriedTest {
    private static final Carried BEFORE = new Carried(1000, 900, 7);

    @Test
    void failure_fewAreLate_none() {
        assertThat(BEFORE.failureSince(BEFORE)).isEmpty();
        assertThat(new Carried(2000, 950, 7).failureSince(BEFORE)).isEmpty();
    }

    @Test
    void failure_manyAreLate_isTold() {
        assertThat(new Carried(2000, 951, 7).failureSince(BEFORE))
                .contains(
                        "the carrier could not carry this link, so this run does not count: of 1000 packets it lost 0,"
                                + " and 5.1 % were too late");
    }

    @Test
    void failure_onePacketWasNotCarried_isTold() {
        assertThat(new Carried(1999, 900, 8).failureSince(BEFORE))
                .contains(
                        "the carrier could not carry this link, so this run does not count: of 1000 packets it lost 1,"
                                + " and 0.0 % were too late");
    }
}
