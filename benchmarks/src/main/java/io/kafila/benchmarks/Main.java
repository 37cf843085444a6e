package io.kafila.benchmarks;

import io.kafila.benchmarks.dht.DhtCommand;
import io.kafila.benchmarks.micro.MicroCommand;
import io.kafila.benchmarks.profile.ProfileCommand;
import io.kafila.benchmarks.roofline.RooflineCommand;
import io.kafila.node.Version;
import picocli.CommandLine;

/** The program {@code kafila bench}. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(execute(args));
    }

    /** Runs one command line and answers its exit code: 0, 1 where something failed, 2 where it was not understood. */
    static int execute(String... args) {
        CommandLine commands = new CommandLine(new BenchCommand())
                .addSubcommand(new RooflineCommand())
                .addSubcommand(new MicroCommand())
                .addSubcommand(new ProfileCommand())
                .addSubcommand(new DhtCommand());
        nameVersion(commands);
        commands.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof BenchException) {
                command.getErr().println("kafila bench: " + failure.getMessage());
                return failure instanceof UsageException ? 2 : 1;
            }
            throw failure;
        });
        return commands.execute(args);
    }

    private static void nameVersion(CommandLine command) {
        command.getCommandSpec().version("kafila bench " + Version.current());
        command.getSubcommands().values().forEach(Main::nameVersion);
    }
}
