package io.kafila.daemon.internal.cli;

import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Console;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.ErrorCode;
import io.kafila.daemon.internal.command.OptionValues;
import io.kafila.daemon.internal.command.Request;
import io.kafila.daemon.internal.command.Status;
import io.kafila.daemon.internal.local.MachineSecret;
import io.kafila.daemon.internal.rpc.Authorizations;
import io.kafila.node.config.ConfigException;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Timer;
import java.util.TimerTask;
import org.slf4j.LoggerFactory;

/** Runs one line of words and answers the exit code. Confined to one thread. */
public final class CommandLineInterface {
    /** How the program calls itself in help texts. */
    private static final String PROGRAM = "kafila";

    private final Command root;
    private final Console console;
    private final Map<String, String> variables;
    private final LocalRunner local;

    /** Runs a command in this process. */
    @FunctionalInterface
    public interface LocalRunner {
        void run(Request request, Path repo, Console console, Emitter emitter) throws Exception;
    }

    /** @param variables the environment of the process */
    public CommandLineInterface(Command root, Console console, Map<String, String> variables, LocalRunner local) {
        this.root = root;
        this.console = console;
        this.variables = variables;
        this.local = local;
    }

    /** Never fails: what goes wrong is printed, and the code is 1. */
    public int run(List<String> words) {
        WordParser.Line line = new WordParser(root).parse(rewritten(words));
        HelpText help = new HelpText(PROGRAM, console.columns());
        if (line.options().flag("help")) {
            return say(help.whole(line.command(), line.path()));
        }
        if (line.options().flag("h")) {
            return say(help.brief(line.command(), line.path()));
        }
        if (line.command().status() == Status.ABSENT) {
            return fail(absent(line.path()));
        }
        CommandException fault = line.fault();
        if (fault != null) {
            return fail(fault);
        }
        if (!line.command().isCallable() && line.arguments().isEmpty()) {
            return say(help.brief(line.command(), line.path()));
        }
        Request request;
        try {
            request = request(line);
        } catch (CommandException e) {
            return mistake(e, line, help);
        } catch (IOException e) {
            return fail(CommandException.of(e));
        }
        try {
            return execute(request);
        } catch (CommandException | IOException | ConfigException e) {
            return fail(CommandException.of(e));
        }
    }

    /** {@code --version} and {@code help} as people type them. */
    private static List<String> rewritten(List<String> words) {
        if (words.isEmpty()) {
            return words;
        }
        List<String> changed = new ArrayList<>(words);
        if (words.get(0).equals("--version")) {
            changed.set(0, "version");
        } else if (words.get(0).equals("help")) {
            changed.remove(0);
            if (!changed.contains("--help")) {
                changed.add("--help");
            }
        }
        return changed;
    }

    private int say(String text) {
        console.print(text);
        return flush() ? 0 : 1;
    }

    private boolean flush() {
        try {
            console.rawOut().flush();
            return true;
        } catch (IOException e) {
            console.err().println("Error: cannot write to standard output: " + e.getMessage());
            return false;
        }
    }

    private int fail(CommandException e) {
        flush();
        console.err().println("Error: " + e.getMessage());
        console.err().flush();
        return 1;
    }

    private int mistake(CommandException e, WordParser.Line line, HelpText help) {
        fail(e);
        console.err().println();
        console.err().print(help.brief(line.command(), line.path()));
        console.err().flush();
        return 1;
    }

    private static CommandException absent(List<String> path) {
        return CommandException.client("'" + String.join(" ", path) + "' is not available in this program yet; see '"
                + PROGRAM + " commands' for what is");
    }

    private Request request(WordParser.Line line) throws IOException {
        FileArguments.Split split =
                new FileArguments(line.command().arguments(), line.options(), console).split(line.arguments());
        OptionValues options = line.command().prepared(line.options(), console);
        if (!options.given("encoding") && line.command().terminal(probe(line)).isEmpty()) {
            options = options.with("encoding", "json");
        }
        Request request = new Request(root, line.path(), line.command(), split.texts(), options, split.files());
        request.encoding();
        return request;
    }

    private Request probe(WordParser.Line line) {
        return new Request(root, line.path(), line.command(), line.arguments(), line.options(), null);
    }

    private int execute(Request request) throws IOException {
        Optional<Duration> timeout = request.timeout();
        Path repo = repo(request);
        request.check();
        ConsoleEmitter emitter = new ConsoleEmitter(request, console);
        Thread main = Thread.currentThread();
        boolean[] late = new boolean[1];
        try (Deadline deadline = new Deadline()) {
            Optional<RpcClient> client = client(request, repo);
            try {
                timeout.ifPresent(time -> deadline.set(time, () -> {
                    late[0] = true;
                    main.interrupt();
                    client.ifPresent(CommandLineInterface::breakOff);
                }));
                if (client.isPresent()) {
                    client.get().run(request, emitter);
                } else {
                    local.run(request, repo, console, emitter);
                }
                emitter.end();
                return 0;
            } finally {
                client.ifPresent(CommandLineInterface::breakOff);
                // The interrupt of a deadline ends with the command.
                Thread.interrupted();
            }
        } catch (ExitException e) {
            emitter.failed();
            return e.code();
        } catch (Exception | LinkageError | StackOverflowError e) {
            emitter.failed();
            CommandException failure = CommandException.of(e);
            int code = fail(late[0] ? new CommandException("context deadline exceeded", e) : failure);
            if (failure.code() == ErrorCode.CLIENT) {
                console.err()
                        .println("Use '" + PROGRAM + " " + String.join(" ", request.path())
                                + " --help' for information about this command");
            }
            return code;
        }
    }

    private static void breakOff(RpcClient client) {
        try {
            client.close();
        } catch (IOException e) {
            LoggerFactory.getLogger(CommandLineInterface.class).debug("closing the connection", e);
        }
    }

    /** The daemon that is to run a command; empty where this process runs it. */
    private Optional<RpcClient> client(Request request, Path repo) throws IOException {
        Command command = request.command();
        Optional<String> asked = request.text("api");
        boolean isDaemon = request.path().equals(List.of("daemon"));
        switch (command.place()) {
            case WITHOUT_REPO:
                return Optional.empty();
            case LOCAL:
                if (asked.isPresent() && !isDaemon) {
                    throw new CommandException("api flag specified but command cannot be run on the daemon");
                }
                return Optional.empty();
            case ANYWHERE:
            case DAEMON:
        }
        Optional<RpcAddress> address = asked.isPresent() ? asked.map(RpcAddress::parse) : RpcAddress.ofRepo(repo);
        if (address.isPresent()) {
            String secret = request.text("api-auth", "");
            // Only the daemon of this repo can know the repo's secret, and only 'add' answers offers.
            boolean offers = asked.isEmpty() && request.path().equals(List.of("add"));
            Optional<MachineSecret> own = offers ? MachineSecret.read(repo) : Optional.empty();
            RpcClient client = new RpcClient(address.get(), Authorizations.header(secret), own);
            if (client.connect()) {
                return Optional.of(client);
            }
            if (asked.isPresent()) {
                throw new CommandException("cannot connect to the api. Is the daemon running? To run as a standalone"
                        + " CLI command remove the api file in `$IPFS_PATH/api`");
            }
        }
        if (command.place() == Command.Place.DAEMON) {
            throw new CommandException("command must be run on the daemon: [" + String.join(" ", request.path()) + "]");
        }
        return Optional.empty();
    }

    /** {@code --repo-dir}, else KAFILA_PATH, else IPFS_PATH, else ~/.kafila. */
    private Path repo(Request request) {
        Optional<String> given = request.text("repo-dir");
        for (String variable : List.of("KAFILA_PATH", "IPFS_PATH")) {
            String value = variables.getOrDefault(variable, "");
            given = given.or(() -> value.isEmpty() ? Optional.empty() : Optional.of(value));
        }
        String home = variables.getOrDefault("HOME", System.getProperty("user.home"));
        String path = given.orElse(home + "/.kafila");
        try {
            return Path.of(path.startsWith("~/") ? home + path.substring(1) : path)
                    .toAbsolutePath()
                    .normalize();
        } catch (InvalidPathException e) {
            throw new CommandException("repo " + path + ": " + e.getReason());
        }
    }

    /** Runs an action when a time has passed, unless it is closed before. */
    private static final class Deadline implements AutoCloseable {
        private final Timer timer = new Timer("timeout", true);

        void set(Duration time, Runnable action) {
            timer.schedule(
                    new TimerTask() {
                        @Override
                        public void run() {
                            action.run();
                        }
                    },
                    Math.max(1, time.toMillis()));
        }

        @Override
        public void close() {
            timer.cancel();
        }
    }
}
