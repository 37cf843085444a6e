package io.kafila.daemon.internal.verbs;

import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.Option;
import io.kafila.dag.ContentPath;
import io.kafila.dag.Resolved;
import io.kafila.naming.IpnsName;

/** {@code resolve}: paths to CIDs. */
final class ResolveVerb {
    private ResolveVerb() {}

    static Command command() {
        return Command.named("resolve", "Print the CID that a path leads to.")
                .description("""
                        Follows a path and prints the CID that it leads to, as a path:

                          > kafila resolve /ipfs/bafybeig.../model/config.json
                          /ipfs/bafkreig...

                        A name (/ipns/) is followed until the path begins with none, unless --recursive=false is given:

                          > kafila resolve /ipns/docs.example.com/config.json
                          /ipfs/bafkreig...""")
                .takes(Argument.text("name", "The path, such as /ipfs/<cid>/config.json.")
                        .orStdin())
                .options(
                        Option.flag("Follow names that lead to names.", "recursive", "r")
                                .withDefault(true),
                        Option.integer(
                                "How many records of a name to gather before the newest is chosen. Only with"
                                        + " --recursive=false.",
                                "dht-record-count",
                                "dhtrc"),
                        Option.text(
                                "How long to gather records, such as 30s; 0 for as long as it takes. Only with"
                                        + " --recursive=false.",
                                "dht-timeout",
                                "dhtt"))
                .does((request, emitter, environment) -> {
                    if (request.argument(0).startsWith(IpnsName.PREFIX) && !request.flag("recursive")) {
                        ContentPath path = ContentPath.parseStrict(request.argument(0));
                        emitter.emitOnce(Json.object(
                                "Path", NameVerb.resolved(environment.node(), path, NameVerb.how(request), false)));
                        return;
                    }
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
