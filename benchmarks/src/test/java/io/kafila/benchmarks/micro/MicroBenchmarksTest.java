package io.kafila.benchmarks.micro;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs every benchmark with every parameter for a moment: none has stopped working. The scores mean nothing. */
class MicroBenchmarksTest {
    @Test
    void everyBenchmark_runsForAMoment() throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include("io\\.kafila\\.benchmarks\\.micro\\..*")
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(10))
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();

        Set<String> benchmarks = new TreeSet<>();
        for (RunResult result : results) {
            String name = result.getParams().getBenchmark();
            benchmarks.add(name.substring(MicroCommand.class.getPackageName().length() + 1));
            assertThat(result.getPrimaryResult().getScore()).as(name).isPositive();
        }
        assertThat(benchmarks)
                .containsExactly(
                        "BitswapCodecBenchmark.decode",
                        "BitswapCodecBenchmark.encode",
                        "BlockstoreBenchmark.get",
                        "BlockstoreBenchmark.put",
                        "ChunkerBenchmark.cut",
                        "SecureChannelBenchmark.seal",
                        "SecureChannelBenchmark.sealAndOpen",
                        "SessionBenchmark.fetch",
                        "YamuxBenchmark.transfer");
    }
}
