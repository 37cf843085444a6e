package io.kafila.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SizesTest {
    @Test
    void parse_units_countIn1024sUnlessTheySayBytes() {
        assertThat(Sizes.parse("4096")).isEqualTo(4096);
        assertThat(Sizes.parse("512MiB")).isEqualTo(512L << 20);
        assertThat(Sizes.parse("1.5G")).isEqualTo(3L << 29);
        assertThat(Sizes.parse("100kB")).isEqualTo(100_000);
    }

    @Test
    void parse_notASize_saysWhatItWants() {
        assertThatThrownBy(() -> Sizes.parse("much"))
                .hasMessage("size: much, want a number with a unit such as 512MiB or 4GiB");
    }

    @Test
    void format_wholeAndBroken_areShort() {
        assertThat(Sizes.format(1L << 30)).isEqualTo("1 GiB");
        assertThat(Sizes.format(1536)).isEqualTo("1.5 KiB");
    }

    @Test
    void duration_units_areSecondsMinutesHours() {
        assertThat(OptionsMixin.duration("90s")).isEqualTo(Duration.ofSeconds(90));
        assertThat(OptionsMixin.duration("20m")).isEqualTo(Duration.ofMinutes(20));
        assertThatThrownBy(() -> OptionsMixin.duration("soon")).hasMessageContaining("want a number with s, m or h");
    }
}
