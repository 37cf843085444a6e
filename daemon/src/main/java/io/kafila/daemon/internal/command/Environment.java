package io.kafila.daemon.internal.command;

import io.kafila.node.KafilaNode;
import io.kafila.node.config.Config;
import io.kafila.node.config.ConfigFile;
import java.nio.file.Path;
import java.util.Map;

/** What a command may use of the process it runs in. Thread-safe. */
public interface Environment {

    /** The repo, whether it exists or not. */
    Path repo();

    /** The configuration file in use. */
    ConfigFile configFile();

    /** The configuration as it stands in the file; fails where there is no repo. */
    Config config();

    /** The node, opened when it is first asked for; fails where there is no repo. */
    KafilaNode node();

    /** Whether this is the daemon, so that there is a network. */
    boolean isDaemon();

    /** Asks the daemon to stop, once the present request is answered. */
    void shutdown();

    /** The requests that run or ran lately. */
    RequestLog requests();

    /** The variables of the process. */
    Map<String, String> variables();
}
