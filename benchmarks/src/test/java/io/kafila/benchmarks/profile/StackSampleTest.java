package io.kafila.benchmarks.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class StackSampleTest {
    @Test
    void parse_threadFramesCount() {
        List<StackSample> samples = StackSample.parse(List.of(
                "[kafila-io-2-1 tid=21968];java/lang/Thread.run;/tmp/lib.so (deleted);tcp_sendmsg_[k] 17",
                "",
                "[GC Thread#0] 2"));

        assertThat(samples)
                .containsExactly(
                        new StackSample(
                                "kafila-io-2-1",
                                List.of("java/lang/Thread.run", "/tmp/lib.so (deleted)", "tcp_sendmsg_[k]"),
                                17),
                        new StackSample("GC Thread#0", List.of(), 2));
    }

    @Test
    void parse_otherText_isNamed() {
        assertThatThrownBy(() -> StackSample.parse(List.of("--- Execution profile ---")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--- Execution profile ---, want [thread];frame;frame count");
    }
}
