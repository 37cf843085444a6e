package io.kafila.daemon.internal.verbs;

import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.Status;

/** Commands that other IPFS programs have and this one has not yet: they are known, so that a call says so. */
final class Absent {
    private Absent() {}

    static Command command(String name, String tagline) {
        return Command.named(name, tagline)
                .description("This command is not available yet.")
                .status(Status.ABSENT)
                .build();
    }
}
