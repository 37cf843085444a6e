package io.kafila.benchmarks.micro;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MicroCommandTest {
    @Test
    void optionsOfJmh_areLeftToIt() {
        CommandLine.ParseResult parsed =
                new CommandLine(new MicroCommand()).parseArgs("Chunker", "-f", "1", "-jvmArgsAppend", "-Xmx64m");

        assertThat(parsed.unmatched()).containsExactly("Chunker", "-f", "1", "-jvmArgsAppend", "-Xmx64m");
    }
}
