package io.kafila.blockstore.internal.store;

import io.kafila.testkit.Seed;
import org.junit.jupiter.api.Test;

/**
 * Seeded lives of a store on a disk that dies or fails at any step: no acknowledged block is lost, none that was removed
 * comes back, pins are exact. {@code -Dkafila.crashes=10000} runs more, {@code -Dkafila.seed=N} one again.
 */
class CrashSimTest {
    private static final int RUNS = Integer.getInteger("kafila.crashes", 600);

    @Test
    void crashAtAnyStep_losesNothingAcknowledged_bringsNothingBack() {
        Seed.forAll(RUNS, random -> new CrashScenario(random, false).run());
    }

    @Test
    void failuresAndCrashAtAnyStep_losesNothingAcknowledged_bringsNothingBack() {
        Seed.forAll(RUNS / 2, random -> new CrashScenario(random, true).run());
    }
}
