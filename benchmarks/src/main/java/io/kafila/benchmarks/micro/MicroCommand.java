package io.kafila.benchmarks.micro;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.Main;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** {@code kafila bench micro}: JMH's own command line, with the benchmarks of this package. */
@Command(
        name = "micro",
        customSynopsis = "kafila bench micro [PATTERN] [OPTION OF JMH]...",
        description = {
            "Runs the JMH benchmarks whose names match a pattern, or all.",
            "",
            "Every other argument is JMH's: -h tells its options, -l lists the benchmarks, and for a first look"
                    + " -f 1 -wi 1 -i 2 is enough."
        })
public final class MicroCommand implements Callable<Integer> {
    /** Without {@code -h}, which is JMH's. */
    @Option(names = "--help", usageHelp = true, description = "Show this help message and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it.
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print version information and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it.
    private boolean version;

    @Unmatched
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        Main.main(arguments.toArray(String[]::new));
        return 0;
    }
}
