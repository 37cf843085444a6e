package io.kafila.benchmarks.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.benchmarks.link.StarPlan.Carrier;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinkOptionsTest {
    @Test
    void parse_allWords() {
        LinkOptions link = LinkOptions.parse(
                "rtt:100ms,rate:2.5gbit,loss:0.1%,buffers:4MiB,congestion:bbr,mtu:1500,carrier:proxy");

        assertThat(link.shape()).isEqualTo(new LinkShape(Duration.ofMillis(100), 2_500_000_000L, 0.001));
        assertThat(link.tcp())
                .isEqualTo(TcpSettings.UNTOUCHED.withMaxBuffer(4 << 20).withCongestionControl("bbr"));
        assertThat(link.mtuBytes()).isEqualTo(1500);
        assertThat(link.carrier()).isEqualTo(Carrier.PROXY);
    }

    @Test
    void parse_nothingElseSaid_buffersForLongPathsAndNoLoss() {
        LinkOptions link = LinkOptions.parse("rtt:500us");

        assertThat(link.shape()).isEqualTo(LinkShape.of(Duration.ofNanos(500_000), 1_000_000_000));
        assertThat(link.tcp()).isEqualTo(TcpSettings.LONG_PATHS);
        assertThat(link.carrier()).isEqualTo(Carrier.BEST);
    }

    @Test
    void parse_defaultBuffers_areThoseOfTheMachine() {
        assertThat(LinkOptions.parse("buffers:default,congestion:bbr").tcp())
                .isEqualTo(TcpSettings.UNTOUCHED.withCongestionControl("bbr"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "100ms", "rtt:100", "rtt:x", "rate:1mb", "loss:1", "speed:9", "carrier:pigeon", "rtt:1s,"})
    void parse_noSuchWord_isNamed(String text) {
        assertThatThrownBy(() -> LinkOptions.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("link: ")
                .hasMessageContaining(LinkOptions.FORM);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"rtt:61s", "rate:0.1kbit", "loss:100%", "buffers:10GiB", "buffers:1", "mtu:5", "mtu:4294976296"})
    void parse_outOfRange_isRefused(String text) {
        assertThatThrownBy(() -> LinkOptions.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("link: ");
    }

    @Test
    void star_hasOneShapeForAll() {
        LinkOptions link = LinkOptions.parse("rtt:10ms").withSeed(7);

        StarPlan plan = link.star("receiver0", List.of("source0", "source1"));

        assertThat(plan.leaves()).isEqualTo(Map.of("source0", link.shape(), "source1", link.shape()));
        assertThat(plan.seed()).isEqualTo(7);
    }
}
