package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.blockstore.Block;
import io.kafila.blockstore.BlockRepository;
import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Console;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.Request;
import io.kafila.daemon.internal.command.TextFormat;
import io.kafila.dag.unixfs.ImportEntry;
import io.kafila.dag.unixfs.ImportSource;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.DigestPolicy;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multicodec;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.Payload;
import io.kafila.node.Archives;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/** {@code block}: raw blocks. */
final class BlockVerb {
    private BlockVerb() {}

    static Command command() {
        return Command.named("block", "Single blocks, as they are.")
                .description(
                        "Blocks are what peers exchange: bytes under the CID of their hash. These commands store and"
                                + "\nread them without looking into them.")
                .has(stat(), get(), put(), rm())
                .build();
    }

    private static Command stat() {
        return Command.named("stat", "Print the size of a block.")
                .description("Prints the CID and the size in bytes of a block, which is fetched where it is not here.")
                .takes(Argument.text("cid", "The block's CID.").orStdin())
                .does((request, emitter, environment) -> {
                    try (View view = View.of(request, environment);
                            Block block = block(view, request)) {
                        emitter.emitOnce(Json.object(
                                "Key", CidEncoder.of(request).encode(block.cid()), "Size", block.sizeBytes()));
                    }
                })
                .prints((request, value, console) ->
                        console.print("Key: " + value.path("Key").asText() + "\nSize: "
                                + value.path("Size").asText() + "\n"))
                .build();
    }

    private static Block block(View view, Request request) throws InterruptedException {
        return Request.await(view.source().get(view.resolve(request.argument(0)).cid()));
    }

    private static Command get() {
        return Command.named("get", "Write the bytes of a block to standard output.")
                .description("Prints nothing but the bytes; a block that is not here is fetched:\n\n  > kafila"
                        + " block get bafkrei... > block.bin")
                .takes(Argument.text("cid", "The block's CID.").orStdin())
                .does((request, emitter, environment) -> {
                    try (View view = View.of(request, environment);
                            Block block = block(view, request)) {
                        emitter.contentType("application/vnd.ipld.raw");
                        try (OutputStream out = emitter.bytes()) {
                            View.write(block.payload(), out);
                        }
                    }
                })
                .build();
    }

    private static Command put() {
        return Command.named("put", "Store bytes as one block.")
                .description("""
                        Stores each file as one block and prints its CID, a CIDv1 with codec raw unless --cid-codec names
                        another. The bytes are not checked against the codec. --format=v0 gives a CIDv0, for old
                        programs.

                        A block of more than 2 MiB is refused unless --allow-big-block is given: store files with
                        'kafila add', which cuts them.

                          > echo -n caravan | kafila block put""")
                .takes(Argument.file("data", "File with the bytes, at most 2 MiB. Default: standard input.")
                        .many()
                        .orStdin())
                .options(
                        Option.text("Codec to put into the CID, such as raw, dag-pb or dag-cbor.", "cid-codec")
                                .withDefault("raw"),
                        Option.text("Hash function. Default: Import.HashFunction, else sha2-256.", "mhtype"),
                        Option.integer("Length of the digest in bytes; -1 is that of the function.", "mhlen")
                                .withDefault(-1),
                        Option.flag("Pin each block and what it links to.", "pin")
                                .withDefault(false),
                        allowBigBlock(),
                        Option.text(
                                "Old way to name the codec: v0, protobuf, cbor. DEPRECATED: --cid-codec.",
                                "format",
                                "f"))
                .does(BlockVerb::put)
                .prints((request, value, console) ->
                        console.println(value.path("Key").asText()))
                .build();
    }

    static Option allowBigBlock() {
        return Option.flag(
                        "Store blocks of more than 2 MiB, too, up to 8 MiB. Other peers do not get them from here: for"
                                + " archives and for use on this machine.",
                        "allow-big-block")
                .withDefault(false);
    }

    private static void put(Request request, Emitter emitter, Environment environment)
            throws IOException, InterruptedException {
        String hashName = request.text("mhtype", "");
        if (hashName.isEmpty()) {
            hashName = environment.config().text("Import.HashFunction", "sha2-256");
        }
        String name = hashName;
        HashFunction hash = HashFunction.byName(name)
                .orElseThrow(() -> new CommandException("unrecognized multihash function: " + name));
        int length = (int) request.number("mhlen", -1);
        Cid.Prefix prefix = prefix(request, hash, length < 0 ? hash.defaultLength() : length);
        if (DigestPolicy.isAllowed(hash.code()) && length > hash.maxLength() && length <= Multihash.MAX_DIGEST_BYTES) {
            throw new CommandException("invalid cid: requested length was too large for digest");
        }
        DigestPolicy.check(prefix);
        CidEncoder encoder = CidEncoder.of(request);
        int maxBytes = maxBytes(request);
        ImportSource files = request.requireFiles();
        for (ImportEntry entry = files.next(); entry != null; entry = files.next()) {
            if (!(entry instanceof ImportEntry.File file)) {
                throw CommandException.client("expected a file");
            }
            byte[] bytes = read(file, maxBytes);
            try (BlockRepository.Lease lease = environment.node().repository().lease()) {
                Cid cid = Request.await(environment.node().blocks().put(Payload.of(bytes), prefix, maxBytes));
                if (request.flag("pin")) {
                    Request.await(environment.node().pins().mark(cid));
                }
                emitter.emit(Json.object("Key", encoder.encode(cid), "Size", bytes.length));
            }
        }
    }

    /** How large a block may be. */
    static int maxBytes(Request request) {
        return request.flag("allow-big-block") ? Block.MAX_BIG_SIZE_BYTES : Block.MAX_SIZE_BYTES;
    }

    /** The bytes of a file that becomes one block. */
    static byte[] read(ImportEntry.File file, int maxBytes) throws IOException {
        try (InputStream in = Request.content(file)) {
            byte[] bytes = in.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw new CommandException(
                        maxBytes == Block.MAX_SIZE_BYTES
                                ? Archives.TOO_BIG
                                : "block of more than " + maxBytes + " bytes, which is the most that is stored");
            }
            return bytes;
        }
    }

    private static Cid.Prefix prefix(Request request, HashFunction hash, int length) {
        String format = request.text("format", "");
        String codec = request.text("cid-codec", "raw");
        if (!format.isEmpty() && !codec.equals("raw") && !codec.isEmpty()) {
            throw new CommandException(
                    "unable to use \"format\" (deprecated) and a custom \"cid-codec\" at the same time");
        }
        if (format.equals("v0")) {
            if (hash.code() != HashFunction.SHA2_256.code() || length != 32) {
                throw new CommandException("only sha2-255-32 is allowed with CIDv0");
            }
            return new Cid.Prefix(0, Multicodec.DAG_PB.code(), hash.code(), length);
        }
        String name = switch (format) {
            case "" -> codec.isEmpty() ? "raw" : codec;
            case "protobuf" -> "dag-pb";
            case "cbor" -> "dag-cbor";
            default -> format;
        };
        long code =
                Multicodec.codeOf(name).orElseThrow(() -> new CommandException("unknown multicodec: \"" + name + "\""));
        return new Cid.Prefix(1, code, hash.code(), length);
    }

    private static Command rm() {
        return Command.named("rm", "Remove blocks from the repo.")
                .description("Removes blocks that no pin keeps. With --force those that are not here are passed over.")
                .takes(Argument.text("cid", "CIDs of the blocks.").many())
                .options(
                        Option.flag("Pass over blocks that are not here.", "force", "f"),
                        Option.flag("Print only what failed.", "quiet", "q"))
                .does(BlockVerb::rm)
                .terminal(request -> new Removals())
                .build();
    }

    private static void rm(Request request, Emitter emitter, Environment environment) throws InterruptedException {
        CidEncoder encoder = CidEncoder.of(request);
        try (View view = View.of(environment.node(), true)) {
            for (String path : request.arguments()) {
                Cid cid = view.root(path);
                Map<Cid, String> answers =
                        Request.await(environment.node().blocks().remove(List.of(cid), request.flag("force")));
                String error = answers.getOrDefault(cid, "");
                if (!error.isEmpty()) {
                    emitter.emit(Json.object("Hash", encoder.encode(cid), "Error", error));
                } else if (!request.flag("quiet")) {
                    emitter.emit(Json.object("Hash", encoder.encode(cid)));
                }
            }
        }
    }

    private static final class Removals implements TextFormat {
        private boolean failed;

        @Override
        public void value(JsonNode value, Console console) {
            String hash = value.path("Hash").asText();
            String error = value.path("Error").asText();
            if (hash.isEmpty() && !error.isEmpty()) {
                throw new CommandException("aborted: " + error);
            } else if (!error.isEmpty()) {
                failed = true;
                console.err().println("cannot remove " + hash + ": " + error);
            } else {
                console.println("removed " + hash);
            }
        }

        @Override
        public void end(Console console) {
            if (failed) {
                throw new CommandException("some blocks not removed");
            }
        }
    }
}
