package io.kafila.daemon;

import io.kafila.daemon.internal.cli.CommandLineInterface;
import io.kafila.daemon.internal.cli.Terminal;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Console;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Request;
import io.kafila.daemon.internal.process.DaemonProcess;
import io.kafila.daemon.internal.process.RepoEnvironment;
import io.kafila.daemon.internal.verbs.Verbs;
import io.kafila.node.config.ConfigFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The program {@code kafila}. */
public final class Main {
    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(execute(List.of(args), System.getenv()));
    }

    /** Runs one command with the given environment variables and answers its exit code. */
    static int execute(List<String> args, Map<String, String> variables) {
        Console console = Terminal.console(variables);
        Command root = Verbs.tree((request, emitter, environment) -> {
            throw new CommandException("the daemon runs in a process of its own");
        });
        return new CommandLineInterface(
                        root,
                        console,
                        variables,
                        (request, repo, where, emitter) -> run(request, repo, where, emitter, variables))
                .run(args);
    }

    private static void run(Request request, Path repo, Console console, Emitter emitter, Map<String, String> variables)
            throws Exception {
        ConfigFile config = request.text("config-file")
                .or(() -> request.text("config"))
                .map(file -> new ConfigFile(Path.of(file)))
                .orElseGet(() -> ConfigFile.in(repo));
        if (request.path().equals(List.of("daemon"))) {
            new DaemonProcess(request, repo, config, console, variables).run();
            return;
        }
        try (RepoEnvironment environment = RepoEnvironment.local(repo, config, variables)) {
            request.command().run(request, emitter, environment);
        }
    }
}
