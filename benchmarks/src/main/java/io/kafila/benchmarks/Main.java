package io.kafila.benchmarks;

import io.kafila.benchmarks.micro.MicroCommand;
import io.kafila.benchmarks.profile.ProfileCommand;
import io.kafila.benchmarks.roofline.RooflineCommand;
import picocli.CommandLine;

/** The program {@code kafila bench}. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        CommandLine commands = new CommandLine(new BenchCommand())
                .addSubcommand(new RooflineCommand())
                .addSubcommand(new MicroCommand())
                .addSubcommand(new ProfileCommand());
        System.exit(commands.execute(args));
    }
}
