package io.kafila.delegated.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MissCacheTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private final MissCache cache = new MissCache();

    @Test
    void miss_forItsTimeAndNoLongerThanTheBound() {
        cache.miss("a", Duration.ofSeconds(2), NOW);
        cache.miss("b", Duration.ofDays(9), NOW);
        assertThat(cache.isMiss("a", NOW.plusSeconds(1))).isTrue();
        assertThat(cache.isMiss("a", NOW.plusSeconds(2))).isFalse();
        assertThat(cache.isMiss("b", NOW.plus(MissCache.LONGEST).minusNanos(1))).isTrue();
        assertThat(cache.isMiss("b", NOW.plus(MissCache.LONGEST))).isFalse();
    }

    @Test
    void miss_isBounded_theOldestLeaves() {
        for (int i = 0; i <= MissCache.MAX_QUESTIONS; i++) {
            cache.miss("q" + i, Duration.ofSeconds(9), NOW);
        }
        assertThat(cache.size()).isEqualTo(MissCache.MAX_QUESTIONS);
        assertThat(cache.isMiss("q0", NOW)).isFalse();
        assertThat(cache.isMiss("q1", NOW)).isTrue();
    }

    @Test
    void pause_isBounded() {
        cache.pause(Duration.ofDays(1), NOW);
        assertThat(cache.isPaused(NOW.plusSeconds(1))).isTrue();
        assertThat(cache.isPaused(NOW.plus(MissCache.LONGEST))).isFalse();
    }
}
