package io.kafila.daemon.internal.process;

import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.RequestLog;
import io.kafila.node.KafilaNode;
import io.kafila.node.Repo;
import io.kafila.node.config.Config;
import io.kafila.node.config.ConfigFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The environment of commands on a repo in this process. Thread-safe. Closing it closes a node that it opened. */
public final class RepoEnvironment implements Environment, AutoCloseable {
    private final Path repo;
    private final ConfigFile configFile;
    private final Map<String, String> variables;
    private final RequestLog requests = new RequestLog(Clock.systemUTC());
    private final @Nullable Runnable stop;
    private @Nullable KafilaNode node;
    private boolean owned;

    private RepoEnvironment(Path repo, ConfigFile configFile, Map<String, String> variables, @Nullable Runnable stop) {
        this.repo = repo;
        this.configFile = configFile;
        this.variables = Map.copyOf(variables);
        this.stop = stop;
    }

    /** For a command that runs by itself: its node is opened when it is needed, without a network. */
    public static RepoEnvironment local(Path repo, ConfigFile configFile, Map<String, String> variables) {
        return new RepoEnvironment(repo, configFile, variables, null);
    }

    /**
     * For the commands of a daemon.
     *
     * @param stop asks the daemon to end
     */
    public static RepoEnvironment daemon(
            Path repo, ConfigFile configFile, Map<String, String> variables, KafilaNode node, Runnable stop) {
        RepoEnvironment environment = new RepoEnvironment(repo, configFile, variables, stop);
        environment.node = node;
        return environment;
    }

    @Override
    public Path repo() {
        return repo;
    }

    @Override
    public ConfigFile configFile() {
        return configFile;
    }

    @Override
    public Config config() {
        requireRepo();
        return configFile.read();
    }

    private void requireRepo() {
        if (!Repo.exists(repo)) {
            if (Files.exists(repo.resolve("version")) || Files.exists(repo.resolve("datastore_spec"))) {
                // A repo of another program or another version is refused in words of its own.
                Repo.read(repo);
            }
            throw new CommandException("no IPFS repo found in " + repo + ".\nplease run: 'kafila init'");
        }
    }

    @Override
    public synchronized KafilaNode node() {
        if (node == null) {
            requireRepo();
            node = KafilaNode.start(FixedNames.in(Repo.read(repo).offlineOptions(), variables));
            owned = true;
        }
        return node;
    }

    @Override
    public boolean isDaemon() {
        return stop != null;
    }

    @Override
    public void shutdown() {
        if (stop != null) {
            stop.run();
        }
    }

    @Override
    public RequestLog requests() {
        return requests;
    }

    @Override
    public Map<String, String> variables() {
        return variables;
    }

    @Override
    public synchronized void close() {
        if (owned && node != null) {
            node.close();
            node = null;
        }
    }
}
