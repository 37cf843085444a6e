package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Console;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.Request;
import io.kafila.dag.DagWalk;
import io.kafila.dag.WalkOptions;
import io.kafila.dag.WalkStep;
import io.kafila.multiformats.Cid;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** {@code refs}: the links of a graph. */
final class RefsVerb {
    private RefsVerb() {}

    static Command command() {
        return Command.named("refs", "List the CIDs that an object links to.")
                .description("""
                        Lists the CIDs that an object links to; with -r all below it, each as often as it is linked to
                        unless -u is given. Blocks that are not here are fetched.

                          > kafila refs -r -u bafybeig...
                          > kafila refs --format='<src> <linkname> <dst>' bafybeig...""")
                .has(local("local"))
                .takes(Argument.text("ipfs-path", "CID, or path, whose links to list.")
                        .many()
                        .orStdin())
                .options(
                        Option.text(
                                        "What to print for each link; <src>, <dst> and <linkname> stand for where it"
                                                + " comes from, where it leads and its name.",
                                        "format")
                                .withDefault("<dst>"),
                        Option.flag("Print '<src> -> <dst>' for each link.", "edges", "e"),
                        Option.flag("Print each CID once.", "unique", "u"),
                        Option.flag("List the links of what is linked to, too, down to the leaves.", "recursive", "r"),
                        Option.integer("With -r: how far down to go; -1 is all the way.", "max-depth")
                                .withDefault(-1))
                .does(RefsVerb::refs)
                .prints((request, value, console) -> print(value, console))
                .build();
    }

    private static void print(JsonNode value, Console console) {
        String error = value.path("Err").asText();
        if (!error.isEmpty()) {
            throw new CommandException(error);
        }
        console.println(value.path("Ref").asText());
    }

    static Command local(String name) {
        return Command.named(name, "List every block of the repo.")
                .description(
                        "Lists every block of the repo. The store knows blocks by their hashes, so all are shown as"
                                + " CIDv1 with codec raw.")
                .does((request, emitter, environment) -> {
                    CidEncoder encoder = CidEncoder.of(request);
                    Pulls.forEach(
                            environment.node().repository().keys(),
                            cid -> emitter.emit(Json.object("Ref", encoder.encode(cid), "Err", "")));
                })
                .prints((request, value, console) -> print(value, console))
                .build();
    }

    private static void refs(Request request, Emitter emitter, Environment environment) throws Exception {
        long depth = request.flag("recursive") ? request.number("max-depth", -1) : 1;
        String format = request.text("format").filter(text -> !text.isEmpty()).orElse("<dst>");
        if (request.flag("edges")) {
            if (!format.equals("<dst>")) {
                throw new CommandException("using format argument with edges is not allowed");
            }
            format = "<src> -> <dst>";
        }
        WalkOptions options = WalkOptions.DEFAULT
                .withNames(true)
                .withUnique(request.flag("unique"))
                .withMaxDepth(depth < 0 ? Integer.MAX_VALUE : (int) depth);
        CidEncoder encoder = CidEncoder.of(request);
        try (View view = View.of(request, environment)) {
            List<Cid> roots = new ArrayList<>();
            for (String path : request.allArguments()) {
                roots.add(view.root(path));
            }
            // One walk tells a Cid once; what several roots have in common is found here.
            Set<Cid> told = new HashSet<>();
            boolean once = request.flag("unique") && roots.size() > 1;
            String form = format;
            for (Cid root : roots) {
                list(view, root, options, environment, emitter, step -> {
                    if (!once || told.add(step.cid())) {
                        emitter.emit(Json.object("Ref", edge(step, form, encoder), "Err", ""));
                    }
                });
            }
        }
    }

    private static void list(
            View view, Cid root, WalkOptions options, Environment environment, Emitter emitter, Consumer<WalkStep> link)
            throws Exception {
        try {
            Pulls.forEach(
                    DagWalk.start(view.source(), environment.node().dag().codecs(), List.of(root), options), step -> {
                        if (step.depth() > 0) {
                            link.accept(step);
                        }
                    });
        } catch (CommandException e) {
            throw e;
        } catch (RuntimeException e) {
            emitter.emit(Json.object("Ref", "", "Err", CommandException.of(e).getMessage()));
        }
    }

    private static String edge(WalkStep step, String format, CidEncoder encoder) {
        return format.replace("<src>", step.parent().map(encoder::encode).orElse(""))
                .replace("<dst>", encoder.encode(step.cid()))
                .replace("<linkname>", step.linkName());
    }
}
