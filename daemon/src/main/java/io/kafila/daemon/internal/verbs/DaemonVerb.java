package io.kafila.daemon.internal.verbs;

import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.Option;

/** {@code daemon}: what it is and takes; who runs it brings the body. */
final class DaemonVerb {
    private DaemonVerb() {}

    static Command command(Command.Body body) {
        return Command.named("daemon", "Run a node that stays connected and serves the other commands.")
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
                                "Make a repo where there is none. Accepted without effect: that is done anyway.",
                                "init"),
                        Option.text(
                                "Config file for a new repo, in place of the standard settings. Without effect"
                                        + " where there is a repo.",
                                "init-config"),
                        Option.text(
                                "Profiles for a new repo, with commas between, such as server. Without effect"
                                        + " where there is a repo.",
                                "init-profile"),
                        Option.text(
                                        "In place of Routing.Type of the config: auto, autoclient, dht, dhtclient,"
                                                + " dhtserver, delegated or none.",
                                        "routing")
                                .withDefault("default"),
                        Option.flag(
                                "Collect garbage by itself: every Datastore.GCPeriod (1h) it is looked whether"
                                        + " the repo holds more than Datastore.StorageGCWatermark (90) per cent of"
                                        + " Datastore.StorageMax.",
                                "enable-gc"),
                        Option.flag("Accepted without effect, for scripts written for Kubo.", "manage-fdlimit")
                                .withDefault(true),
                        Option.flag("Accepted without effect, for scripts written for Kubo.", "migrate"),
                        Option.flag(
                                "Accepted without effect, for scripts written for Kubo.", "enable-pubsub-experiment"),
                        Option.flag("Accepted without effect, for scripts written for Kubo.", "enable-namesys-pubsub"),
                        Option.flag(
                                "Accepted without effect, for scripts written for Kubo.", "enable-mplex-experiment"),
                        Option.flag("Accepted without effect, for scripts written for Kubo.", "unrestricted-api"),
                        Option.text("Accepted without effect, for scripts written for Kubo.", "agent-version-suffix"))
                .runs(Command.Place.LOCAL)
                .does(body)
                .build();
    }
}
