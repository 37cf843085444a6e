package io.kafila.daemon.internal.verbs;

import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;

/** {@code shutdown}: ends the daemon. */
final class ShutdownVerb {
    private ShutdownVerb() {}

    static Command command() {
        return Command.named("shutdown", "End the running daemon.")
                .description("Asks the daemon to end: it finishes what it stores, closes its connections and its repo.")
                .does((request, emitter, environment) -> {
                    if (!environment.isDaemon()) {
                        throw CommandException.client("daemon not running");
                    }
                    environment.shutdown();
                })
                .build();
    }
}
