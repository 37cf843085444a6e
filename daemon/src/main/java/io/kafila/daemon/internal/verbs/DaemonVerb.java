package io.kafila.daemon.internal.verbs;

import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.Option;

/** {@code daemon}: what it is and takes; who runs it brings the body. */
final class DaemonVerb {
    private DaemonVerb() {}

    static Command command(Command.Body body) {
        return Command.named("daemon", "Start a long-running daemon process.")
                .description("""
                        Runs a node that stays connected to its peers, and serves commands to other programs: the command
                        line in another terminal, and HTTP clients at the RPC address. Where there is no repo yet it makes
                        one. It runs until it is interrupted or 'kafila shutdown' is called.

                          > kafila daemon
                          Initializing daemon...
                          Swarm listening on /ip4/127.0.0.1/tcp/4001
                          RPC API server listening on /ip4/127.0.0.1/tcp/5001
                          Daemon is ready

                        Addresses.API of the config says where the RPC listens. Whoever can reach it controls the node:
                        keep it on loopback, or set API.Authorizations. The address that is in use stands in the file
                        'api' of the repo while the daemon runs.

                        Numbers for Prometheus are at /debug/metrics/prometheus of the RPC address.""")
                .options(
                        Option.flag(
                                "Initialize the repo with default settings if there is none; it is done anyway.",
                                "init"),
                        Option.text("Path to existing configuration file to be loaded during --init.", "init-config"),
                        Option.text("Configuration profiles to apply for --init.", "init-profile"),
                        Option.text("Overrides the routing option; there is no routing yet.", "routing")
                                .withDefault("default"),
                        Option.flag("Enable automatic periodic repo garbage collection", "enable-gc"),
                        Option.flag("Accepted for scripts written for Kubo.", "manage-fdlimit")
                                .withDefault(true),
                        Option.flag("Accepted for scripts written for Kubo.", "migrate"),
                        Option.flag("Accepted for scripts written for Kubo.", "enable-pubsub-experiment"),
                        Option.flag("Accepted for scripts written for Kubo.", "enable-namesys-pubsub"),
                        Option.flag("Accepted for scripts written for Kubo.", "enable-mplex-experiment"),
                        Option.flag("Accepted for scripts written for Kubo.", "unrestricted-api"),
                        Option.text("Accepted for scripts written for Kubo.", "agent-version-suffix"))
                .runs(Command.Place.LOCAL)
                .does(body)
                .build();
    }
}
