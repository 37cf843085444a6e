package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kafila.blockstore.BlockstoreException;
import io.kafila.blockstore.Pin;
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
import io.kafila.dag.DagException;
import io.kafila.multiformats.Cid;
import io.kafila.node.NodeException;
import io.kafila.node.PinOptions;
import io.kafila.node.Pins;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** {@code pin}: what garbage collection keeps. */
final class PinVerb {
    private PinVerb() {}

    static Command command() {
        return Command.named("pin", "Keep content safe from garbage collection.")
                .description("Garbage collection removes what no pin keeps. A recursive pin keeps a root and everything"
                        + "\nbelow it, a direct one a single block.")
                .has(add(), ls(), rm(), update(), verify(), Absent.command("remote", "Pins that a service keeps."))
                .build();
    }

    /** Fails where a name is too long for a pin. */
    static void checkName(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > Pin.MAX_NAME_BYTES) {
            throw new CommandException("pin name is " + bytes + " bytes (max " + Pin.MAX_NAME_BYTES + " bytes)");
        }
    }

    private static Command add() {
        return Command.named("add", "Fetch content and keep it.")
                .description("""
                        Pins what a path leads to, after fetching all of it. The pin is recursive unless -r=false is
                        given; --name gives it a name, which 'kafila pin ls --names' shows and a second 'pin add' changes.

                          > kafila pin add --name=llm-v3 bafybei...
                          pinned bafybei... recursively""")
                .takes(Argument.text("ipfs-path", "What to keep: a CID, or a path such as <cid>/data.")
                        .many()
                        .orStdin())
                .options(
                        Option.flag("Keep everything below it, too.", "recursive", "r")
                                .withDefault(true),
                        Option.text("Name for the pins, at most 255 bytes.", "name", "n"),
                        Option.flag("Show on standard error how many blocks are here.", "progress"),
                        Option.flag(
                                "Accepted without effect: the root is told to the network at once in any case.",
                                "fast-provide-root"),
                        Option.flag(
                                "Accepted without effect: what Provide.Strategy names below the root is told soon.",
                                "fast-provide-dag"),
                        Option.flag(
                                "Accepted without effect: the command does not wait until the network is told.",
                                "fast-provide-wait"))
                .does(PinVerb::add)
                .text(AddFormat::new)
                .build();
    }

    private static void add(Request request, Emitter emitter, Environment environment) throws Exception {
        String name = request.text("name", "");
        checkName(name);
        CidEncoder encoder = CidEncoder.of(request);
        boolean progress = request.flag("progress");
        List<String> pinned = new ArrayList<>();
        PinOptions options = new PinOptions(request.flag("recursive"), name, !View.isOffline(request));
        Ticks ticks = new Ticks(emitter);
        try (View view = View.of(request, environment)) {
            for (String path : request.allArguments()) {
                Cid root = view.root(path);
                Events<long[]> events = new Events<>();
                Pins.Progress listener =
                        progress ? (blocks, bytes) -> events.put(new long[] {blocks, bytes}) : (blocks, bytes) -> {};
                try {
                    events.drain(environment.node().pins().add(root, options, listener), ticks::at);
                } catch (NodeException | BlockstoreException | DagException e) {
                    throw new CommandException("pin: " + e.getMessage(), e);
                }
                ticks.next();
                pinned.add(encoder.encode(root));
            }
        }
        if (progress) {
            ticks.last();
            emitter.emit(Json.object("Pins", pinned));
        } else {
            emitter.emitOnce(Json.object("Pins", pinned));
        }
    }

    /** Says twice a second how much is here, over all roots of a request. */
    private static final class Ticks {
        private static final long INTERVAL_NANOS = 500_000_000L;

        private final Emitter emitter;
        private long toldNanos = System.nanoTime();
        private long doneBlocks;
        private long doneBytes;
        private long blocks;
        private long bytes;

        Ticks(Emitter emitter) {
            this.emitter = emitter;
        }

        void at(long[] sums) {
            blocks = sums[0];
            bytes = sums[1];
            if (System.nanoTime() - toldNanos > INTERVAL_NANOS) {
                toldNanos = System.nanoTime();
                tell();
            }
        }

        void next() {
            doneBlocks += blocks;
            doneBytes += bytes;
            blocks = 0;
            bytes = 0;
        }

        void last() {
            if (doneBlocks > 0) {
                tell();
            }
        }

        private void tell() {
            ObjectNode value = Json.object("Progress", doneBlocks + blocks);
            if (doneBytes + bytes > 0) {
                value.put("Bytes", doneBytes + bytes);
            }
            emitter.emit(value);
        }
    }

    private record AddFormat(Request request) implements TextFormat {
        @Override
        public void value(JsonNode value, Console console) {
            if (!value.has("Pins")) {
                console.err()
                        .print("Fetched/Processed " + value.path("Progress").asLong() + " nodes ("
                                + Human.bytes(value.path("Bytes").asLong()) + ")\r");
                console.err().flush();
            }
            String how = request.flag("recursive") ? "recursively" : "directly";
            value.path("Pins").forEach(pin -> console.println("pinned " + pin.asText() + " " + how));
        }
    }

    private static Command rm() {
        return Command.named("rm", "Stop keeping content.")
                .description("""
                        Removes pins, so that garbage collection may take what they kept. An object that is kept through
                        a pin above it cannot be unpinned by itself: 'kafila pin ls -t indirect <cid>' tells which one.""")
                .takes(Argument.text("ipfs-path", "What was pinned: a CID, or a path such as <cid>/data.")
                        .many()
                        .orStdin())
                .options(Option.flag("Remove recursive pins; --recursive=false removes direct ones.", "recursive", "r")
                        .withDefault(true))
                .does((request, emitter, environment) -> {
                    CidEncoder encoder = CidEncoder.of(request);
                    List<String> removed = new ArrayList<>();
                    try (View view = View.of(request, environment)) {
                        for (String path : request.allArguments()) {
                            Cid root = view.root(path);
                            Request.await(environment.node().pins().remove(root, request.flag("recursive")));
                            removed.add(encoder.encode(root));
                        }
                    }
                    emitter.emitOnce(Json.object("Pins", removed));
                })
                .prints((request, value, console) ->
                        value.path("Pins").forEach(pin -> console.println("unpinned " + pin.asText())))
                .build();
    }

    private static Command ls() {
        return Command.named("ls", "List what is pinned.")
                .description("""
                        Lists what is pinned. --type restricts it to one kind: direct, recursive, or indirect (kept by a
                        recursive pin above). With arguments it tells how these are pinned, and fails where one is not.

                          > kafila pin ls --type=recursive --names
                          > kafila pin ls bafybeig...""")
                .takes(Argument.text("ipfs-path", "Show only how these are pinned. Default: list every pin.")
                        .optional()
                        .many())
                .options(
                        Option.text("Kind of pins to list: direct, indirect, recursive or all.", "type", "t")
                                .withDefault("all"),
                        Option.flag("Print CIDs alone.", "quiet", "q"),
                        Option.text("Only pins in whose names this text occurs. Implies --names.", "name", "n"),
                        Option.flag("Print pins as they are found, unsorted.", "stream", "s"),
                        Option.flag("Print the names of pins, too.", "names"))
                .does(PinVerb::ls)
                .prints(PinVerb::printListed)
                .build();
    }

    private static void ls(Request request, Emitter emitter, Environment environment) throws Exception {
        String type = request.text("type", "all");
        String name = request.text("name", "");
        checkName(name);
        Set<Pins.Kind> kinds = kinds(type);
        boolean names = request.flag("names") || !name.isEmpty();
        boolean stream = request.flag("stream");
        CidEncoder encoder = CidEncoder.of(request);
        Map<String, JsonNode> all = new TreeMap<>();
        // What is asked for by its path is told whatever its name is.
        boolean byName = request.arguments().isEmpty();
        Consumer<Pins.Listed> each = pin -> {
            if (byName && !pin.name().contains(name)) {
                return;
            }
            String cid = encoder.encode(pin.cid());
            boolean through = pin.kind() == Pins.Kind.INDIRECT && !pin.via().equals(pin.cid());
            String word = pin.kind().word() + (through ? " through " + encoder.encode(pin.via()) : "");
            String shown = names ? pin.name() : "";
            if (stream) {
                ObjectNode one = Json.object("Cid", cid);
                if (!shown.isEmpty()) {
                    one.put("Name", shown);
                }
                emitter.emit(one.put("Type", word));
            } else {
                all.put(cid, Json.object("Type", word, "Name", shown));
            }
        };
        if (request.arguments().isEmpty()) {
            Events<Pins.Listed> events = new Events<>();
            events.drain(environment.node().pins().list(kinds, events::put), each);
        } else {
            lsNamed(request, environment, kinds, each);
        }
        if (!stream) {
            ObjectNode keys = Json.object();
            all.forEach(keys::set);
            emitter.emitOnce(all.isEmpty() ? Json.object() : Json.object("Keys", keys));
        }
    }

    private static void lsNamed(
            Request request, Environment environment, Set<Pins.Kind> kinds, Consumer<Pins.Listed> each)
            throws InterruptedException {
        List<Cid> roots = new ArrayList<>();
        try (View view = View.of(request, environment)) {
            for (String path : request.arguments()) {
                roots.add(view.root(path));
            }
        }
        Map<Cid, Pins.Listed> found = Request.await(environment.node().pins().how(roots, kinds));
        for (int i = 0; i < roots.size(); i++) {
            Pins.Listed pin = found.get(roots.get(i));
            if (pin == null) {
                throw new CommandException("path '" + request.argument(i) + "' is not pinned");
            }
            each.accept(pin);
        }
    }

    private static Set<Pins.Kind> kinds(String type) {
        return switch (type) {
            case "all" -> EnumSet.allOf(Pins.Kind.class);
            case "direct" -> EnumSet.of(Pins.Kind.DIRECT);
            case "recursive" -> EnumSet.of(Pins.Kind.RECURSIVE);
            case "indirect" -> EnumSet.of(Pins.Kind.INDIRECT);
            default ->
                throw new CommandException(
                        "invalid type '" + type + "', must be one of {direct, indirect, recursive, all}");
        };
    }

    private static void printListed(Request request, JsonNode value, Console console) {
        if (value.has("Cid")) {
            printListed(request, value.path("Cid").asText(), value, console);
        }
        for (Map.Entry<String, JsonNode> pin : value.path("Keys").properties()) {
            printListed(request, pin.getKey(), pin.getValue(), console);
        }
    }

    private static void printListed(Request request, String cid, JsonNode pin, Console console) {
        String name = pin.path("Name").asText();
        console.println(
                request.flag("quiet")
                        ? cid
                        : cid + " " + pin.path("Type").asText() + (name.isEmpty() ? "" : " " + Human.printable(name)));
    }

    private static Command update() {
        return Command.named("update", "Keep a new version in place of an old one.")
                .description("""
                        Pins a new version of something and unpins the old one in one step, unless --unpin=false keeps
                        it. The old one must be pinned recursively.

                          > kafila pin update <old-cid> <new-cid>""")
                .takes(
                        Argument.text("from-path", "The old version, pinned recursively."),
                        Argument.text("to-path", "The new version."))
                .options(
                        Option.flag("Stop keeping the old version.", "unpin").withDefault(true),
                        Option.flag(
                                "Accepted without effect: the root is told to the network at once in any case.",
                                "fast-provide-root"),
                        Option.flag(
                                "Accepted without effect: what Provide.Strategy names below the root is told soon.",
                                "fast-provide-dag"),
                        Option.flag(
                                "Accepted without effect: the command does not wait until the network is told.",
                                "fast-provide-wait"))
                .does((request, emitter, environment) -> {
                    CidEncoder encoder = CidEncoder.of(request);
                    try (View view = View.of(request, environment)) {
                        Cid from = view.root(request.argument(0));
                        Cid to = view.root(request.argument(1));
                        Request.await(environment.node().pins().update(from, to, request.flag("unpin")));
                        emitter.emitOnce(Json.object("Pins", List.of(encoder.encode(from), encoder.encode(to))));
                    }
                })
                .prints((request, value, console) -> console.println("updated "
                        + value.path("Pins").path(0).asText() + " to "
                        + value.path("Pins").path(1).asText()))
                .build();
    }

    private static Command verify() {
        return Command.named("verify", "Check that all of what is pinned is here and sound.")
                .description("Reads every block below every recursive pin, checks its hash, and lists the pins of which"
                        + "\nsomething is missing or corrupt. Nothing is fetched.")
                .options(
                        Option.flag("Print the pins that are whole, too.", "verbose"),
                        Option.flag("Print the CIDs of broken pins alone.", "quiet", "q"))
                .does(PinVerb::verify)
                .prints((request, value, console) -> {
                    boolean ok = value.path("Ok").asBoolean();
                    String cid = value.path("Cid").asText();
                    if (request.flag("quiet")) {
                        console.print(ok ? "" : cid + "\n");
                        return;
                    }
                    console.println(cid + (ok ? " ok" : " broken"));
                    value.path("BadNodes")
                            .forEach(bad ->
                                    console.println("  " + bad.path("Cid").asText() + ": "
                                            + bad.path("Err").asText()));
                })
                .build();
    }

    private static void verify(Request request, Emitter emitter, Environment environment) throws InterruptedException {
        boolean verbose = request.flag("verbose");
        boolean quiet = request.flag("quiet");
        if (verbose && quiet) {
            throw new CommandException("the --verbose and --quiet options can not be used at the same time");
        }
        CidEncoder encoder = CidEncoder.of(request);
        Events<Pins.Verified> events = new Events<>();
        events.drain(environment.node().pins().verify(events::put), root -> {
            if (root.ok()) {
                if (verbose) {
                    emitter.emit(Json.object("Cid", encoder.encode(root.root()), "Ok", true));
                }
                return;
            }
            ObjectNode value = Json.object("Cid", encoder.encode(root.root()));
            if (!quiet) {
                List<JsonNode> bad = new ArrayList<>();
                root.faults()
                        .forEach(fault ->
                                bad.add(Json.object("Cid", encoder.encode(fault.cid()), "Err", fault.error())));
                value.set("BadNodes", Json.array(bad));
            }
            emitter.emit(value);
        });
    }
}
