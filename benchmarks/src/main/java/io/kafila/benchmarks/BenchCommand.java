package io.kafila.benchmarks;

import io.kafila.benchmarks.peer.Lineup;
import io.kafila.benchmarks.peer.LineupFinder;
import io.kafila.benchmarks.peer.PeerOptions;
import io.kafila.benchmarks.report.TextReport;
import io.kafila.benchmarks.scenario.Scenario;
import io.kafila.benchmarks.scenario.ScenarioResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "run", description = "Runs scenarios.")
final class BenchCommand implements Callable<Integer> {
    @Parameters(paramLabel = "SCENARIO")
    private List<String> scenarios = List.of();

    @Option(names = "--kubo")
    private Optional<Path> kubo = Optional.empty();

    @Option(names = "--size")
    private Optional<Long> size = Optional.empty();

    @Option(names = "--repetitions")
    private int repetitions = 5;

    @Override
    public Integer call() {
        Path output = Path.of("bench-out");
        BenchOptions options = new BenchOptions(
                size,
                repetitions,
                Optional.empty(),
                600,
                1,
                output,
                output.resolve("work").toAbsolutePath(),
                List.of("kubo"),
                kubo,
                Optional.empty(),
                Optional.empty(),
                PeerOptions.DEFAULT,
                Optional.empty(),
                false);
        Lineup lineup = new LineupFinder(
                        Path.of(System.getProperty("kafila.launcher")),
                        kubo,
                        Optional.empty(),
                        Optional.empty(),
                        System.getenv())
                .find(options.peers());
        Map<String, Catalog.Entry> entries = Catalog.entries();
        List<Scenario> chosen = scenarios.stream()
                .map(name -> entries.get(name).maker().make(name, options, lineup))
                .toList();
        try (Bench bench = new Bench(options, System.err::println)) {
            Runtime.getRuntime().addShutdownHook(new Thread(bench::close));
            for (ScenarioResult result : bench.run(chosen)) {
                System.out.print(TextReport.of(result));
            }
        }
        return 0;
    }
}
