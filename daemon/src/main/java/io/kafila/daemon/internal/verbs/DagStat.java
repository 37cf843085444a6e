package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import io.kafila.dag.DagWalk;
import io.kafila.dag.Resolved;
import io.kafila.dag.WalkOptions;
import io.kafila.dag.WalkStep;
import io.kafila.multiformats.Cid;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code dag stat}: how large graphs are. One instance counts for one request. */
final class DagStat {
    private static final long PROGRESS_NANOS = 200_000_000L;

    private final List<ObjectNode> graphs = new ArrayList<>();
    private final Set<Cid> unique = new HashSet<>();
    private long uniqueBytes;
    private long allBytes;
    private long toldNanos = System.nanoTime() - PROGRESS_NANOS;

    private DagStat() {}

    static Command command() {
        return Command.named("stat", "Count the blocks and bytes of graphs.")
                .description("Counts the blocks of graphs and their bytes, each block of a graph once, and what several"
                        + "\ngraphs have in common. Blocks that are not here are fetched.")
                .takes(Argument.text("root", "CIDs of the roots.").many().orStdin())
                .options(Option.flag(
                        "Show how far it is, on standard error. On where that is a terminal;"
                                + " --progress=false turns it off.",
                        "progress",
                        "p"))
                .drawsProgress()
                .does((request, emitter, environment) -> new DagStat().run(request, emitter, environment))
                .text(request -> new Format(request.flag("progress")))
                .build();
    }

    private void run(Request request, Emitter emitter, Environment environment) throws Exception {
        boolean progress = !request.given("progress") || request.flag("progress");
        CidEncoder encoder = CidEncoder.of(request);
        try (View view = View.of(request, environment)) {
            for (String path : request.allArguments()) {
                Resolved resolved = view.resolve(path);
                if (!resolved.remainder().isEmpty()) {
                    throw new CommandException("cannot return size for anything other than a DAG with a root CID");
                }
                ObjectNode graph = Json.object("Cid", encoder.encode(resolved.cid()));
                graphs.add(graph);
                long[] sums = new long[2];
                Request.await(view.source().get(resolved.cid())).close();
                try {
                    Pulls.forEach(
                            DagWalk.start(
                                    view.source(),
                                    environment.node().dag().codecs(),
                                    List.of(resolved.cid()),
                                    WalkOptions.DEFAULT),
                            step -> {
                                count(step, sums);
                                graph.put("Size", sums[0]).put("NumBlocks", sums[1]);
                                if (progress && System.nanoTime() - toldNanos > PROGRESS_NANOS) {
                                    toldNanos = System.nanoTime();
                                    emitter.emit(summary(false));
                                }
                            });
                } catch (RuntimeException e) {
                    throw new CommandException(
                            "error traversing DAG: " + CommandException.of(e).getMessage(), e);
                }
            }
        }
        emitter.emit(summary(true));
    }

    private void count(WalkStep step, long[] sums) {
        long size = step.block().map(block -> (long) block.sizeBytes()).orElse(0L);
        sums[0] += size;
        sums[1]++;
        allBytes += size;
        if (unique.add(step.cid())) {
            uniqueBytes += size;
        }
    }

    private JsonNode summary(boolean whole) {
        ObjectNode summary = Json.object();
        if (whole) {
            summary.put("UniqueBlocks", unique.size());
        }
        if (uniqueBytes > 0) {
            summary.put("TotalSize", uniqueBytes);
        }
        if (whole && allBytes > uniqueBytes) {
            summary.put("SharedSize", allBytes - uniqueBytes);
        }
        if (whole && uniqueBytes > 0) {
            summary.set("Ratio", Json.value((float) allBytes / (float) uniqueBytes));
        }
        summary.set("DagStats", Json.array(graphs).deepCopy());
        return summary;
    }

    private static final class Format implements TextFormat {
        private static final String CLEAR = "\u001b[2K\r";

        private final boolean progress;
        private @Nullable JsonNode last;

        Format(boolean progress) {
            this.progress = progress;
        }

        @Override
        public void value(JsonNode value, Console console) {
            last = value;
            if (progress && !value.has("Ratio")) {
                long blocks = 0;
                long bytes = 0;
                for (JsonNode graph : value.path("DagStats")) {
                    blocks += graph.path("NumBlocks").asLong();
                    bytes += graph.path("Size").asLong();
                }
                console.err()
                        .print("Fetched/Processed " + blocks + " blocks, " + bytes + " bytes (" + Human.bytes(bytes)
                                + ")\r");
                console.err().flush();
            }
        }

        @Override
        public void end(Console console) {
            JsonNode summary = last;
            if (progress) {
                console.err().print(CLEAR);
            }
            if (summary == null) {
                return;
            }
            int width = summary.path("DagStats").path(0).path("Cid").asText().length();
            StringBuilder text = new StringBuilder("\n");
            text.append(String.format("%-" + Math.max(1, width) + "s\t%-15s\tSize\n", "CID", "Blocks"));
            for (JsonNode graph : summary.path("DagStats")) {
                text.append(graph.path("Cid").asText())
                        .append(String.format(
                                "\t%-15d\t", graph.path("NumBlocks").asLong()))
                        .append(graph.path("Size").asLong())
                        .append('\n');
            }
            long total = summary.path("TotalSize").asLong();
            long shared = summary.path("SharedSize").asLong();
            text.append("\nSummary\nTotal Size: ").append(total).append(" (").append(Human.bytes(total));
            text.append(")\nUnique Blocks: ")
                    .append(summary.path("UniqueBlocks").asLong());
            text.append("\nShared Size: ").append(shared).append(" (").append(Human.bytes(shared));
            text.append(String.format(
                    Locale.ROOT, ")\nRatio: %f\n\n\n", summary.path("Ratio").asDouble()));
            console.print(text.toString());
        }
    }
}
