package io.kafila.benchmarks.profile;

import io.kafila.benchmarks.peer.PeerOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kafila bench profile}: a stage profile as a table in Markdown. */
@Command(
        name = "profile",
        mixinStandardHelpOptions = true,
        description = {
            "Shows where the CPU time of a scenario goes: CPU seconds for each GiB, by stage.",
            "",
            "Kafila's daemons are sampled while they work, with the JVM's threads and the kernel on their behalf;"
                    + " the content is checked afterwards. The kernel's part is seen by root, or where"
                    + " kernel.perf_event_paranoid is at most 1."
        })
public final class ProfileCommand implements Callable<Integer> {
    private static final double MB = 1e6;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SCENARIO", description = "import, import-nocopy, read or transfer.")
    private String scenario;

    @Option(names = "--mib", defaultValue = "1024", description = "Size of the file. Default: ${DEFAULT-VALUE}.")
    private long mib;

    @Option(
            names = "--repetitions",
            defaultValue = "3",
            description = "How many are summed. Default: ${DEFAULT-VALUE}.")
    private int repetitions;

    @Option(
            names = "--warm-ups",
            defaultValue = "2",
            description = "How many come before, unseen. Default: ${DEFAULT-VALUE}.")
    private int warmUps;

    @Option(
            names = "--security",
            defaultValue = "tls",
            description = "The secure channel, tls or noise. Default: ${DEFAULT-VALUE}.")
    private String security;

    @Option(
            names = "--work",
            defaultValue = "bench-profile",
            description = "A folder to make, and to delete in the end. Default: ${DEFAULT-VALUE}.")
    private Path work;

    @Override
    public Integer call() {
        ProfileOptions options = new ProfileOptions(
                Path.of(System.getProperty("kafila.launcher", "kafila")).toAbsolutePath(),
                work.toAbsolutePath(),
                mib << 20,
                warmUps,
                repetitions,
                PeerOptions.DEFAULT.withSecurity(security));
        ProfileRun.Outcome outcome = ProfileRun.of(ProfiledScenario.of(scenario), options);
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%s, %s, %d x %d MiB, %d cores, JDK %s: %.0f MB/s with the profiler in it%n%n%s",
                LocalDate.now(ZoneOffset.UTC),
                scenario + (scenario.startsWith("transfer") ? " over " + security : ""),
                repetitions,
                mib,
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.runtime.version"),
                outcome.bytesPerSecond() / MB,
                outcome.profile().table());
        out.flush();
        return 0;
    }
}
