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
        return Command.named("resolve", "Resolve the value of names to IPFS.")
                .description("""
                        Follows a path and prints the CID that it leads to, as a path:

                          > kafila resolve /ipfs/bafybeig.../model/config.json
                          /ipfs/bafkreig...

                        Names (/ipns/) cannot be resolved yet.""")
                .takes(Argument.text("name", "The name to resolve.").orStdin())
                .options(
                        Option.flag("Resolve until the result is an IPFS name.", "recursive", "r")
                                .withDefault(true),
                        Option.integer("Number of records to request for DHT resolution.", "dht-record-count", "dhtrc"),
                        Option.text("Max time to collect values during DHT resolution.", "dht-timeout", "dhtt"))
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
