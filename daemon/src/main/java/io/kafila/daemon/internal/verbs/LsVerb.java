package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kafila.blockstore.Block;
import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.Console;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.Request;
import io.kafila.daemon.internal.command.TextFormat;
import io.kafila.dag.Codecs;
import io.kafila.dag.DagPbNode;
import io.kafila.dag.unixfs.DirectoryEntry;
import io.kafila.dag.unixfs.Unixfs;
import io.kafila.dag.unixfs.UnixfsDirectory;
import io.kafila.dag.unixfs.UnixfsException;
import io.kafila.dag.unixfs.UnixfsStat;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multicodec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** {@code ls}: what is in directories. */
final class LsVerb {
    /** Go's time of nothing. */
    /** os.ModeDir of Go. */
    private static final long GO_DIRECTORY = 1L << 31;

    private static final String NO_TIME = "0001-01-01T00:00:00Z";

    private static final int WINDOW = 64;
    /** UnixFS's numbers for the types, as clients know them. */
    private static final int DIRECTORY = 1;

    private static final int FILE = 2;
    private static final int SYMLINK = 4;

    private LsVerb() {}

    static Command command() {
        return Command.named("ls", "List directories.")
                .description("""
                        Lists directories, one line for each entry:

                          <cid> <size> <name>

                        With --long also permissions and modification times, where they were stored:

                          <mode> <cid> <size> <mtime> <name>

                        Types and sizes of entries are read from their own blocks; --resolve-type=false --size=false
                        spares that. --stream prints entries of large directories as they are found, unsorted. JSON has
                        the types as numbers: 1 directory, 2 file, 4 symlink.""")
                .takes(Argument.text("ipfs-path", "Directory to list: a CID, or a path such as <cid>/data.")
                        .many()
                        .orStdin())
                .options(
                        Option.flag("Print a line above the columns that names them.", "headers", "v"),
                        Option.flag("Find out the type of each entry, from its own block.", "resolve-type")
                                .withDefault(true),
                        Option.flag("Find out the size of each file in bytes, from its own block.", "size")
                                .withDefault(true),
                        Option.flag("Print entries as they are found, unsorted.", "stream", "s"),
                        Option.flag("Print permissions and modification times, too.", "long", "l"))
                .does(LsVerb::ls)
                .text(Format::new)
                .build();
    }

    private static void ls(Request request, Emitter emitter, Environment environment) throws Exception {
        CidEncoder encoder = CidEncoder.of(request);
        boolean resolve = request.flag("resolve-type") || request.flag("size");
        boolean stream = request.flag("stream");
        List<JsonNode> objects = new ArrayList<>();
        try (View view = View.of(request, environment)) {
            for (String path : request.allArguments()) {
                List<JsonNode> links = new ArrayList<>();
                list(view, path, resolve, encoder, link -> {
                    if (stream) {
                        emitter.emit(output(List.of(object(path, List.of(link)))));
                    } else {
                        links.add(link);
                    }
                });
                links.sort(Comparator.comparing(link -> link.path("Name").asText()));
                objects.add(object(path, links));
            }
        }
        if (!stream) {
            emitter.emitOnce(output(objects));
        }
    }

    private static JsonNode output(List<JsonNode> objects) {
        return Json.object("Objects", objects);
    }

    private static JsonNode object(String path, List<JsonNode> links) {
        return Json.object("Hash", path, "Links", links);
    }

    private static void list(View view, String path, boolean resolve, CidEncoder encoder, Consumer<JsonNode> each)
            throws Exception {
        Cid root = view.root(path);
        boolean directory = root.codec() == Multicodec.DAG_PB.code() && isDirectory(view, root);
        if (!directory) {
            for (DirectoryEntry link : links(view, root)) {
                each.accept(Request.await(describe(view, link, resolve, encoder)));
            }
            return;
        }
        Pulls.forEachBatch(UnixfsDirectory.list(view.source(), root), WINDOW, entries -> {
            List<CompletableFuture<JsonNode>> described = new ArrayList<>();
            entries.forEach(entry -> described.add(describe(view, entry, resolve, encoder)));
            for (CompletableFuture<JsonNode> one : described) {
                each.accept(Request.await(one));
            }
        });
    }

    private static boolean isDirectory(View view, Cid cid) throws InterruptedException {
        try {
            return Request.await(Unixfs.stat(view.source(), cid)).type().isDirectory();
        } catch (UnixfsException e) {
            return false;
        }
    }

    /** The links of a block that is no directory, such as the chunks of a file. */
    private static List<DirectoryEntry> links(View view, Cid cid) throws InterruptedException {
        try (Block block = Request.await(view.source().get(cid))) {
            if (cid.codec() == Multicodec.DAG_PB.code()) {
                return DagPbNode.decode(block.payload().buffer()).links().stream()
                        .map(link -> new DirectoryEntry(link.name(), link.cid(), link.tsize()))
                        .toList();
            }
            return Codecs.standard().links(block).stream()
                    .map(link -> new DirectoryEntry("", link, 0))
                    .toList();
        }
    }

    private static CompletableFuture<JsonNode> describe(
            View view, DirectoryEntry entry, boolean resolve, CidEncoder encoder) {
        if (entry.cid().codec() == Multicodec.RAW.code()) {
            return CompletableFuture.completedFuture(link(entry, entry.tsize(), FILE, Optional.empty(), encoder));
        }
        if (!resolve || entry.cid().codec() != Multicodec.DAG_PB.code()) {
            return CompletableFuture.completedFuture(link(entry, 0, 0, Optional.empty(), encoder));
        }
        return Unixfs.stat(view.source(), entry.cid())
                .thenApply(stat -> link(entry, stat.sizeBytes(), type(stat), Optional.of(stat), encoder));
    }

    private static int type(UnixfsStat stat) {
        return stat.type().isDirectory() ? DIRECTORY : stat.type().isFile() ? FILE : SYMLINK;
    }

    /** The stored permissions, with the bit by which Go tells a directory; 0 where none are stored. */
    private static long mode(UnixfsStat stat) {
        long mode = stat.mode().orElse(0);
        return mode != 0 && stat.type().isDirectory() ? mode | GO_DIRECTORY : mode;
    }

    private static JsonNode link(
            DirectoryEntry entry, long size, int type, Optional<UnixfsStat> stat, CidEncoder encoder) {
        ObjectNode link = Json.object(
                "Name", entry.name(),
                "Hash", encoder.encode(entry.cid()),
                "Size", size,
                "Type", type,
                "Target", stat.flatMap(UnixfsStat::target).orElse(""));
        link.put("Mode", stat.map(LsVerb::mode).orElse(0L));
        return link.put(
                "ModTime", stat.flatMap(UnixfsStat::mtime).map(Human::time).orElse(NO_TIME));
    }

    /** Columns as wide as their widest cell. */
    private static final class Format implements TextFormat {
        private static final DateTimeFormatter RECENT =
                DateTimeFormatter.ofPattern("MMM dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
        private static final DateTimeFormatter OLD =
                DateTimeFormatter.ofPattern("MMM dd  yyyy", Locale.ROOT).withZone(ZoneOffset.UTC);

        private final boolean headers;
        private final boolean stream;
        private final boolean size;
        private final boolean wide;
        private final boolean several;
        private String lastObject = "";

        Format(Request request) {
            headers = request.flag("headers");
            stream = request.flag("stream");
            size = request.flag("size");
            wide = request.flag("long");
            several = request.arguments().size() > 1;
        }

        @Override
        public void value(JsonNode value, Console console) {
            for (JsonNode object : value.path("Objects")) {
                List<List<String>> rows = new ArrayList<>();
                String hash = object.path("Hash").asText();
                if (!hash.equals(lastObject)) {
                    if (several) {
                        console.print((lastObject.isEmpty() ? "" : "\n") + hash + ":\n");
                    }
                    if (headers) {
                        rows.add(row("Mode", "Hash", "Size", "ModTime", "Name"));
                    }
                    lastObject = hash;
                }
                object.path("Links").forEach(link -> rows.add(row(link)));
                console.print(Table.text(rows, stream ? 10 : 1));
            }
        }

        private List<String> row(JsonNode link) {
            boolean directory = link.path("Type").asInt() == DIRECTORY;
            return row(
                    mode(link.path("Mode").asLong(), directory),
                    link.path("Hash").asText(),
                    directory ? "-" : link.path("Size").asText(),
                    time(link.path("ModTime").asText()),
                    Human.printable(link.path("Name").asText()) + (directory ? "/" : ""));
        }

        private List<String> row(String mode, String hash, String bytes, String time, String name) {
            List<String> row = new ArrayList<>();
            if (wide) {
                row.add(mode);
            }
            row.add(hash);
            if (size) {
                row.add(bytes);
            }
            if (wide) {
                row.add(time);
            }
            row.add(name);
            return row;
        }

        private static String mode(long mode, boolean directory) {
            if (mode == 0) {
                return "-";
            }
            StringBuilder text = new StringBuilder(directory ? "d" : "-");
            for (int bit = 0; bit < 9; bit++) {
                text.append((mode & (0400 >> bit)) != 0 ? "rwxrwxrwx".charAt(bit) : '-');
            }
            return text.toString();
        }

        private static String time(String text) {
            if (text.equals(NO_TIME) || text.isEmpty()) {
                return "-";
            }
            Instant time = Instant.parse(text);
            Instant now = Instant.now();
            boolean recent = time.isAfter(now.minusSeconds(182L * 86400)) && time.isBefore(now.plusSeconds(86400));
            return (recent ? RECENT : OLD).format(time);
        }
    }
}
