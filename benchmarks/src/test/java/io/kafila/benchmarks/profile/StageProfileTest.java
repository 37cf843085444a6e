package io.kafila.benchmarks.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kafila.benchmarks.profile.StageProfile.Activity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StageProfileTest {
    private static final long GIB = 1L << 30;

    private static StackSample sample(String frame, long count) {
        return new StackSample("worker", List.of(frame), count);
    }

    @Test
    void costs_shareTheAccountOfTheSystem_byTheSamples() {
        Map<String, Activity> activities = new LinkedHashMap<>();
        activities.put(
                "source",
                new Activity(
                        1.0,
                        List.of(
                                sample("tcp_sendmsg_[k]", 60),
                                sample("tcp_write_xmit_[k]", 30),
                                sample("io/kafila/bitswap/X.y", 10))));
        activities.put("receiver", new Activity(4.0, List.of(sample("sha256_implCompressMB", 1))));

        StageProfile profile = StageProfile.of(activities, 2 * GIB);

        assertThat(profile.total("source")).isCloseTo(0.5, within(1e-9));
        assertThat(profile.table()).isEqualTo("""
                        | CPU s/GiB | source | receiver | together |
                        |---|---:|---:|---:|
                        | socket: system calls and the kernel's network | 0.450 | 0.000 | 0.450 |
                        | bitswap | 0.050 | 0.000 | 0.050 |
                        | hash | 0.000 | 2.000 | 2.000 |
                        | **all** | 0.500 | 2.000 | 2.500 |
                        """);
    }

    @Test
    void sideWithoutSamples_costsNothing() {
        StageProfile profile = StageProfile.of(Map.of("daemon", new Activity(0.01, List.of())), GIB);

        assertThat(profile.total("daemon")).isZero();
    }
}
