package io.kafila.benchmarks;

import io.kafila.benchmarks.shows.Shows;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kafila bench} and its presets. */
@Command(
        name = "kafila bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        synopsisSubcommandLabel = "run | shows | quick | list | roofline | micro | profile | dht",
        subcommands = {
            BenchCommand.Run.class,
            BenchCommand.ShowsPreset.class,
            BenchCommand.Quick.class,
            BenchCommand.Names.class
        },
        description = "Runs Kafila beside its competitors on this machine, by turns, and reports what each took.",
        footer = {
            "",
            "  kafila bench quick                        two minutes, small sizes",
            "  kafila bench list                         the scenarios",
            "  kafila bench run transfer import          some of them",
            "  kafila bench run transfer --size=4GiB --security=noise --peers=kubo,http,rsync",
            "  kafila bench shows 1 2 --kubo=$HOME/go/bin/ipfs   goals, with verdicts",
            "",
            "Each command has its own --help. A run prints a table, and writes results.json and report.html. It needs"
                    + " Linux and free disk space; docs/benchmarks.md says what each figure means."
        })
final class BenchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(System.out);
        return 0;
    }

    /** {@code run}. */
    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "Runs scenarios by name; 'kafila bench list' names them.")
    static final class Run implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "SCENARIO", arity = "1..*", description = "Such as transfer, import or read.")
        private List<String> names = List.of();

        @Mixin
        private OptionsMixin options = new OptionsMixin();

        @Override
        public Integer call() {
            BenchOptions asked = options.options(spec.commandLine());
            for (String name : names) {
                Catalog.Entry entry = Catalog.entries().get(name);
                if (entry == null) {
                    throw new ParameterException(
                            spec.commandLine(),
                            "no scenario is named " + name + "; want one of "
                                    + String.join(", ", Catalog.entries().keySet()));
                }
                if (asked.link().isPresent() && !entry.linkable()) {
                    throw new ParameterException(
                            spec.commandLine(),
                            "--link has no meaning for " + name + ", which has a link of its own or none");
                }
            }
            return new Session(asked, System.err::println).run(names, List.of());
        }
    }

    /** {@code shows}. */
    @Command(
            name = "shows",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "Runs what the project's goals need, and says of each goal whether it is reached.")
    static final class ShowsPreset implements Callable<Integer> {
        private static final int GOAL_MINUTES = 8;

        @Spec
        private CommandSpec spec;

        @Parameters(
                paramLabel = "NUMBER",
                description = "Goals to show: 1 transfers, 2 imports, 3 reads, 4 long links,"
                        + " 5 several sources, 6 small files, 7 cost, 8 flatness. All of them where none is given.")
        private List<Integer> numbers = List.of();

        @Mixin
        private OptionsMixin options = new OptionsMixin();

        @Override
        public Integer call() {
            List<Integer> shows = new ArrayList<>(numbers.isEmpty() ? Shows.numbers() : numbers);
            for (int number : shows) {
                if (!Shows.numbers().contains(number)) {
                    throw new ParameterException(
                            spec.commandLine(), "no goal has the number " + number + ", want 1 to 8");
                }
            }
            // So much for each goal is a first look at least; five repetitions of all take longer on most machines.
            String budget = GOAL_MINUTES * shows.size() + "m";
            BenchOptions asked =
                    options.options(spec.commandLine(), OptionsMixin.REPETITIONS, 0, OptionsMixin.FILES, budget);
            if (asked.link().isPresent()) {
                throw new ParameterException(
                        spec.commandLine(), "--link has no meaning for goals, which have their own");
            }
            return new Session(asked, System.err::println).run(Shows.scenarios(shows), shows);
        }
    }

    /** {@code quick}. */
    @Command(
            name = "quick",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "Runs a few scenarios in small sizes, within two or three minutes.")
    static final class Quick implements Callable<Integer> {
        private static final List<String> SCENARIOS =
                List.of("transfer", "import", "import-small", "read", "first-tensor");
        static final long SIZE_BYTES = 64 << 20;
        static final int FILES = 500;
        static final int REPETITIONS = 3;

        @Spec
        private CommandSpec spec;

        @Mixin
        private OptionsMixin options = new OptionsMixin();

        @Override
        public Integer call() {
            BenchOptions small = options.options(spec.commandLine(), REPETITIONS, SIZE_BYTES, FILES, "3m");
            return new Session(small, System.err::println).run(SCENARIOS, List.of());
        }
    }

    /** {@code list}. */
    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the scenarios.")
    static final class Names implements Callable<Integer> {
        @Override
        public Integer call() {
            Catalog.entries().forEach((name, entry) -> System.out.printf("%-16s %s%n", name, entry.about()));
            return 0;
        }
    }
}
