package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.blockstore.BlockRepository;
import io.kafila.blockstore.BlockstoreException;
import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Console;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.Request;
import io.kafila.dag.DagException;
import io.kafila.dag.car.CarReadOptions;
import io.kafila.dag.unixfs.ImportEntry;
import io.kafila.dag.unixfs.ImportSource;
import io.kafila.multiformats.Cid;
import io.kafila.node.Archives;
import io.kafila.node.KafilaNode;
import io.kafila.node.NodeException;
import io.kafila.node.PinOptions;
import java.nio.channels.ReadableByteChannel;
import java.util.LinkedHashSet;
import java.util.Set;

/** {@code dag import}: blocks out of CAR archives. One instance imports for one request. */
final class CarImport {
    private final KafilaNode node;
    private final Set<Cid> roots = new LinkedHashSet<>();
    private long blocks;
    private long bytes;

    private CarImport(KafilaNode node) {
        this.node = node;
    }

    static Command command() {
        return Command.named("import", "Store the blocks of CAR archives.")
                .description("""
                        Stores every block of CAR archives (version 1 or 2) and pins the roots that their headers name,
                        once all files are read. Blocks are verified. Blocks that no root leads to are stored, too, but
                        nothing keeps them from garbage collection.

                        A root whose graph is not whole here is not pinned, and the command fails; nothing is fetched.
                        --local-only, or --pin-roots=false, imports a part of a graph without pinning.

                          > kafila dag import --stats model.car""")
                .takes(Argument.file("path", "CAR archive. Default: standard input.")
                        .many()
                        .orStdin())
                .options(
                        Option.flag(
                                "Pin the roots that the archives name, once all is stored. On unless"
                                        + " --pin-roots=false is given.",
                                "pin-roots"),
                        Option.flag("The archives hold parts of graphs: store them and pin nothing.", "local-only"),
                        Option.flag("Print nothing.", "silent"),
                        Option.flag("Print how many blocks and bytes were stored, too.", "stats"),
                        Option.flag(
                                "Accepted without effect: the root is told to the network at once in any case.",
                                "fast-provide-root"),
                        Option.flag(
                                "Accepted without effect: what Provide.Strategy names below the root is told soon.",
                                "fast-provide-dag"),
                        Option.flag(
                                "Accepted without effect: the command does not wait until the network is told.",
                                "fast-provide-wait"),
                        BlockVerb.allowBigBlock())
                .does(CarImport::run)
                .prints(CarImport::print)
                .build();
    }

    private static void run(Request request, Emitter emitter, Environment environment) throws Exception {
        boolean pin = !request.given("pin-roots") || request.flag("pin-roots");
        if (request.flag("local-only")) {
            if (request.given("pin-roots") && pin) {
                throw new CommandException("--local-only implies --pin-roots=false and cannot be combined with"
                        + " --pin-roots=true; please drop one of them");
            }
            pin = false;
        }
        CarImport work = new CarImport(environment.node());
        try (BlockRepository.Lease lease = environment.node().repository().lease()) {
            work.read(request.requireFiles(), BlockVerb.maxBytes(request));
            if (pin) {
                for (Cid root : work.roots) {
                    emitter.emit(
                            Json.object("Root", Json.object("Cid", DagVerb.link(root), "PinErrorMsg", work.pin(root))));
                }
            }
        }
        if (request.flag("stats")) {
            emitter.emit(Json.object("Stats", Json.object("BlockCount", work.blocks, "BlockBytesCount", work.bytes)));
        }
    }

    private void read(ImportSource files, int maxBlockBytes) throws Exception {
        for (ImportEntry entry = files.next(); entry != null; entry = files.next()) {
            if (!(entry instanceof ImportEntry.File file)) {
                throw CommandException.client("expected a file handle");
            }
            try (ReadableByteChannel channel = file.content().open()) {
                Archives.Imported imported =
                        Request.await(node.archives().read(channel, CarReadOptions.DEFAULT, maxBlockBytes));
                roots.addAll(imported.roots());
                blocks += imported.blocks();
                bytes += imported.blockBytes();
            }
        }
    }

    /** Pins a root whose graph is whole here; answers why not, else an empty text. */
    private String pin(Cid root) throws InterruptedException {
        try {
            if (!Request.await(node.repository().has(root))) {
                return "ipld: could not find " + root;
            }
            Request.await(node.pins().add(root, new PinOptions(true, "", false), (blocksHere, bytesHere) -> {}));
            return "";
        } catch (NodeException | BlockstoreException | DagException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static void print(Request request, JsonNode value, Console console) {
        if (request.flag("silent")) {
            return;
        }
        JsonNode root = value.path("Root");
        if (root.isMissingNode()) {
            JsonNode stats = value.path("Stats");
            if (request.flag("stats")) {
                console.println("Imported " + stats.path("BlockCount").asText() + " blocks ("
                        + stats.path("BlockBytesCount").asText() + " bytes)");
            }
            return;
        }
        String cid = CidEncoder.of(request).encode(DagVerb.cid(root.path("Cid")));
        String error = root.path("PinErrorMsg").asText();
        if (!error.isEmpty()) {
            throw new CommandException("pinning root \"" + cid + "\" FAILED: " + error);
        }
        console.println("Pinned root\t" + cid + "\tsuccess");
    }
}
