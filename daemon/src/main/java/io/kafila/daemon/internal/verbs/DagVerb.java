package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.blockstore.BlockRepository;
import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.Request;
import io.kafila.dag.Codec;
import io.kafila.dag.Codecs;
import io.kafila.dag.DagWalk;
import io.kafila.dag.IpldNode;
import io.kafila.dag.Resolved;
import io.kafila.dag.WalkOptions;
import io.kafila.dag.car.CarWriter;
import io.kafila.dag.unixfs.ImportEntry;
import io.kafila.dag.unixfs.ImportSource;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.DigestPolicy;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multicodec;
import io.kafila.multiformats.MultiformatException;
import io.kafila.node.KafilaNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.util.List;

/** {@code dag}: nodes of any codec, and the graphs that they make. */
final class DagVerb {
    private DagVerb() {}

    static Command command() {
        return Command.named("dag", "Structured data, whole graphs, CAR archives.")
                .description("Stores and reads structured data, and moves whole graphs as CAR archives.")
                .has(put(), get(), resolve(), CarImport.command(), export(), DagStat.command())
                .build();
    }

    /** A Cid as the JSON of IPLD has it. */
    static JsonNode link(Cid cid) {
        return Json.object("/", cid.toString());
    }

    /** The Cid in such a link. */
    static Cid cid(JsonNode link) {
        try {
            return Cid.parse(link.path("/").asText());
        } catch (MultiformatException e) {
            throw new CommandException("malformed link " + link + ": " + e.getMessage(), e);
        }
    }

    private static Command put() {
        return Command.named("put", "Store a value and print its CID.")
                .description("""
                        Reads a value in one codec, stores it in another and prints its CID:

                          > echo '{"epoch":3,"weights":{"/":"bafybeig..."}}' | kafila dag put
                          bafyreib...""")
                .takes(Argument.file("object data", "File with the value, at most 2 MiB. Default: standard input.")
                        .many()
                        .orStdin())
                .options(
                        Option.text(
                                        "Codec of the block that is stored: dag-cbor, dag-json, dag-pb or raw.",
                                        "store-codec")
                                .withDefault("dag-cbor"),
                        Option.text("Codec of the input: dag-json, dag-cbor, dag-pb or raw.", "input-codec")
                                .withDefault("dag-json"),
                        Option.flag("Pin the value and what it links to.", "pin"),
                        Option.text("Hash function. Default: Import.HashFunction, else sha2-256.", "hash"),
                        BlockVerb.allowBigBlock())
                .does(DagVerb::put)
                .prints((request, value, console) ->
                        console.println(CidEncoder.of(request).encode(cid(value.path("Cid")))))
                .build();
    }

    /** The codec of a name; {@code role} is what it is wanted for, encoder or decoder. */
    private static Codec codec(KafilaNode node, String name, String role) {
        long code = multicodec(name);
        return node.dag()
                .codecs()
                .byCode(code)
                .orElseThrow(() -> new CommandException("no " + role + " registered for multicodec code " + code
                        + " (0x" + Long.toHexString(code) + ")"));
    }

    private static long multicodec(String name) {
        return Multicodec.codeOf(name).orElseThrow(() -> new CommandException("unknown multicodec: \"" + name + "\""));
    }

    private static void put(Request request, Emitter emitter, Environment environment)
            throws IOException, InterruptedException {
        KafilaNode node = environment.node();
        String inputName = request.text("input-codec", "");
        String storeName = request.text("store-codec", "");
        multicodec(inputName);
        multicodec(storeName);
        HashFunction hash = hash(request, environment);
        long input = codec(node, inputName, "decoder").code();
        long store = codec(node, storeName, "encoder").code();
        int maxBytes = BlockVerb.maxBytes(request);
        ImportSource files = request.requireFiles();
        for (ImportEntry entry = files.next(); entry != null; entry = files.next()) {
            if (!(entry instanceof ImportEntry.File file)) {
                throw CommandException.client("expected a regular file");
            }
            try (BlockRepository.Lease lease = node.repository().lease()) {
                Cid cid = Request.await(node.dag().put(BlockVerb.read(file, maxBytes), input, store, hash, maxBytes));
                if (request.flag("pin")) {
                    Request.await(node.pins().mark(cid));
                }
                emitter.emit(Json.object("Cid", link(cid)));
            }
        }
    }

    private static HashFunction hash(Request request, Environment environment) {
        String given = request.text("hash", "");
        String name = given.isEmpty() ? environment.config().text("Import.HashFunction", "sha2-256") : given;
        long code = multicodec(name);
        HashFunction hash = HashFunction.byCode(code)
                .orElseThrow(() -> new CommandException("unknown multihash code " + code + " (0x"
                        + Long.toHexString(code) + "): no such hash registered"));
        if (!DigestPolicy.isAllowed(code)) {
            throw new CommandException("potentially insecure hash functions not allowed");
        }
        return hash;
    }

    private static Command get() {
        return Command.named("get", "Print a value.")
                .description("""
                        Prints the value of a block, or what a path leads to inside of it. Links are followed, and blocks that are
                        not here are fetched.

                          > kafila dag get bafyreib...
                          {"epoch":3,"weights":{"/":"bafybeig..."}}
                          > kafila dag get bafyreib.../epoch
                          3""")
                .takes(Argument.text("ref", "CID, or a path into a value, such as <cid>/weights/0.")
                        .orStdin())
                .options(Option.text(
                                "Codec to print in: dag-json for reading, or dag-cbor, dag-pb, raw.", "output-codec")
                        .withDefault("dag-json"))
                .does((request, emitter, environment) -> {
                    Codec codec = output(environment.node(), request.text("output-codec", ""));
                    IpldNode value;
                    try (View view = View.of(request, environment)) {
                        value = value(view, environment.node().dag().codecs(), request.argument(0));
                    }
                    byte[] bytes = codec.encode(value);
                    try (OutputStream out = emitter.bytes()) {
                        out.write(bytes);
                    }
                })
                .build();
    }

    private static Codec output(KafilaNode node, String name) {
        multicodec(name);
        try {
            return codec(node, name, "encoder");
        } catch (CommandException e) {
            throw new CommandException("invalid encoding: " + name + " - " + e.getMessage(), e);
        }
    }

    private static IpldNode value(View view, Codecs codecs, String path) throws InterruptedException {
        Resolved resolved = view.resolve(path);
        try (var block = Request.await(view.source().get(resolved.cid()))) {
            IpldNode value = codecs.decode(block);
            for (String segment : resolved.remainder()) {
                value = child(value, segment);
            }
            return value;
        }
    }

    private static IpldNode child(IpldNode value, String segment) {
        IpldNode found = null;
        if (value instanceof IpldNode.MapValue map) {
            found = map.entries().get(segment);
        } else if (value instanceof IpldNode.ListValue list && segment.matches("\\d{1,9}")) {
            int index = Integer.parseInt(segment);
            found = index < list.items().size() ? list.items().get(index) : null;
        }
        if (found == null) {
            throw new CommandException("key not found: \"" + segment + "\"");
        }
        return found;
    }

    private static Command resolve() {
        return Command.named("resolve", "Show the block that a path leads into.")
                .description("""
                        Prints the CID of the last block on a path, and what is left of the path inside of it.

                          > kafila dag resolve bafyreib.../epoch
                          bafyreib.../epoch""")
                .takes(Argument.text("ref", "The path, such as <cid>/weights/0.")
                        .orStdin())
                .does((request, emitter, environment) -> {
                    try (View view = View.of(request, environment)) {
                        Resolved resolved = view.resolve(request.argument(0));
                        String rest = resolved.remainderText();
                        emitter.emitOnce(Json.object("Cid", link(resolved.cid()), "RemPath", rest));
                    }
                })
                .prints((request, value, console) -> {
                    String text = CidEncoder.of(request, request.argument(0)).encode(cid(value.path("Cid")));
                    String rest = value.path("RemPath").asText();
                    console.print(rest.isEmpty() ? text : text + (rest.startsWith("/") ? rest : "/" + rest));
                })
                .build();
    }

    private static Command export() {
        return Command.named("export", "Write a graph to standard output as a CAR archive.")
                .description("""
                        Writes a graph as a CARv1: every block once, in the order of a depth-first walk. Blocks that are
                        not here are fetched.

                          > kafila dag export bafybeig... > model.car

                        With --local-only blocks that are not here are left out, so that the archive may be partial.""")
                .takes(Argument.text("root", "CID of the root.").orStdin())
                .options(
                        Option.flag(
                                "Show how far it is, on standard error. On where that is a terminal;"
                                        + " --progress=false turns it off.",
                                "progress",
                                "p"),
                        Option.flag("Export what is here, without what is missing. Implies --offline.", "local-only"))
                .drawsProgress()
                .does(DagVerb::export)
                .terminal(request -> new CatVerb.Format(request.flag("progress")))
                .build();
    }

    private static void export(Request request, Emitter emitter, Environment environment) throws Exception {
        boolean partial = request.flag("local-only");
        if (partial && request.given("offline") && !request.flag("offline")) {
            throw new CommandException("--local-only implies --offline and cannot be combined with --offline=false;"
                    + " please drop one of them");
        }
        KafilaNode node = environment.node();
        try (View view = View.of(node, partial || request.flag("offline"))) {
            Cid root = view.resolve(request.argument(0)).cid();
            Request.await(view.source().get(root)).close();
            emitter.contentType("application/vnd.ipld.car");
            WalkOptions options = WalkOptions.DEFAULT.withFailures(partial);
            try (OutputStream out = emitter.bytes()) {
                CarWriter writer = CarWriter.v1(Channels.newChannel(out), List.of(root));
                try {
                    Pulls.forEach(
                            DagWalk.start(view.source(), node.dag().codecs(), List.of(root), options),
                            step -> step.block().ifPresent(writer::write));
                } catch (RuntimeException e) {
                    // What was reached before a block that is missing is told; the failure stands behind it.
                    writer.finish();
                    throw e;
                }
                writer.finish();
            }
        }
    }
}
