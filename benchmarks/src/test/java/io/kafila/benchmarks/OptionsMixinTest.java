package io.kafila.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class OptionsMixinTest {
    static BenchOptions parse(String... words) {
        OptionsMixin options = new OptionsMixin();
        CommandLine line =
                new CommandLine(CommandSpec.create().addMixin("options", CommandSpec.forAnnotatedObject(options)));
        line.parseArgs(words);
        return options.options(line);
    }

    @Test
    void negatable_eachForm_doesWhatItsNameSays() {
        for (BenchOptions with : new BenchOptions[] {parse(), parse("--warm-up", "--warm-memory", "--roofline")}) {
            assertThat(with.warmUp()).isTrue();
            assertThat(with.warmMemory()).isTrue();
            assertThat(with.roofline()).isTrue();
        }
        BenchOptions without = parse("--no-warm-up", "--no-warm-memory", "--no-roofline");
        assertThat(without.warmUp()).isFalse();
        assertThat(without.warmMemory()).isFalse();
        assertThat(without.roofline()).isFalse();
    }
}
