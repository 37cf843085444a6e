package io.kafila.daemon.internal.verbs;

import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.Option;
import io.kafila.dag.Resolved;

/** {@code resolve}: paths to CIDs. */
final class ResolveVerb {
    private ResolveVerb() {}

    static Command command() {
        return Command.named("resolve", "Print the CID that a path leads to.")
                .description("""
                        Follows a path and prints the CID that it leads to, as a path:

                          > kafila resolve /ipfs/bafybeig.../model/config.json
                          /ipfs/bafkreig...

                        Names (/ipns/) cannot be resolved yet.""")
                .takes(Argument.text("name", "The path, such as /ipfs/<cid>/config.json.")
                        .orStdin())
                .options(
                        Option.flag(
                                        "Follow names that lead to names. Without effect: names cannot be resolved yet.",
                                        "recursive",
                                        "r")
                                .withDefault(true),
                        Option.integer("Accepted without effect: there is no DHT yet.", "dht-record-count", "dhtrc"),
                        Option.text("Accepted without effect: there is no DHT yet.", "dht-timeout", "dhtt"))
                .does((request, emitter, environment) -> {
                    try (View view = View.of(request, environment)) {
                        Resolved resolved = view.resolve(request.argument(0));
                        String cid = CidEncoder.of(request, request.argument(0)).encode(resolved.cid());
                        emitter.emitOnce(
                                Json.object("Path", "/" + resolved.namespace() + "/" + cid + resolved.remainderText()));
                    }
                })
                .prints((request, value, console) ->
                        console.println(value.path("Path").asText()))
                .build();
    }
}
