package io.kafila.benchmarks.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kafila.benchmarks.roofline.Roofline.Bound;
import io.kafila.benchmarks.scenario.Run;
import io.kafila.benchmarks.scenario.ScenarioResult;
import io.kafila.benchmarks.scenario.Statistics;
import java.util.Map;
import java.util.Optional;

/** A report as JSON, with every single run. */
public final class JsonReport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonReport() {}

    public static String of(Report report) {
        ObjectNode root = JSON.createObjectNode();
        root.put("started", report.started().toString());
        Machine machine = report.machine();
        root.putObject("machine")
                .put("cpu", machine.cpu())
                .put("cores", machine.cores())
                .put("memoryBytes", machine.memoryBytes())
                .put("kernel", machine.kernel())
                .put("filesystem", machine.filesystem());
        texts(root.putObject("versions"), report.versions());
        texts(root.putObject("options"), report.options());
        texts(root.putObject("absent"), report.absent());
        texts(root.putObject("notTried"), report.notTried());
        ObjectNode withoutPart = root.putObject("withoutPart");
        report.withoutPart().forEach((name, where) -> where.forEach(withoutPart.putArray(name)::add));
        ArrayNode scenarios = root.putArray("scenarios");
        report.results().forEach(result -> scenario(scenarios.addObject(), report, result));
        ArrayNode goals = root.putArray("goals");
        report.verdicts()
                .forEach(verdict -> goals.addObject()
                        .put("show", verdict.show())
                        .put("claim", verdict.claim())
                        .put("status", verdict.status().toString())
                        .put("figure", verdict.figure())
                        .put("target", verdict.target())
                        .put("shortfall", verdict.shortfall()));
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts and numbers is always written", e);
        }
    }

    private static void texts(ObjectNode node, Map<String, String> values) {
        values.forEach(node::put);
    }

    private static void bound(ObjectNode node, Bound bound) {
        node.put("bytesPerSecond", bound.bytesPerSecond()).put("formula", bound.formula());
    }

    private static void scenario(ObjectNode node, Report report, ScenarioResult result) {
        node.put("name", result.name()).put("title", result.title()).put("link", result.link());
        node.putObject("workload")
                .put("kind", result.workload().kind().toString())
                .put("bytes", result.workload().bytes())
                .put("files", result.workload().files())
                .put("blockBytes", result.workload().blockBytes())
                .put("security", result.workload().security());
        report.bound(result).ifPresent(bound -> bound(node.putObject("bound"), bound));
        ArrayNode lanes = node.putArray("lanes");
        for (ScenarioResult.LaneResult lane : result.lanes()) {
            ObjectNode each = lanes.addObject().put("name", lane.name());
            Optional.ofNullable(report.ownBounds(result).get(lane.name()))
                    .ifPresent(bound -> bound(each.putObject("bound"), bound));
            LaneSummary summary = LaneSummary.of(result, lane, report.bound(result, lane));
            statistics(each.putObject("seconds"), summary.seconds());
            statistics(each.putObject("bytesPerSecond"), summary.rate());
            summary.ratio().ifPresent(ratio -> each.put("ratioToKubo", ratio));
            summary.share().ifPresent(share -> each.put("shareOfBound", share));
            if (summary.runs() > 0) {
                each.put("bytesWrittenPerByte", summary.written());
            }
            each.put("restarts", summary.restarts());
            ArrayNode runs = each.putArray("runs");
            lane.runs().forEach(run -> run(runs.addObject(), run));
        }
    }

    private static void statistics(ObjectNode node, Statistics statistics) {
        node.put("count", statistics.count());
        if (!statistics.isEmpty()) {
            node.put("median", statistics.median()).put("min", statistics.min()).put("max", statistics.max());
        }
    }

    private static void run(ObjectNode node, Run run) {
        node.put("repetition", run.repetition()).put("restarts", run.restarts());
        run.failure().ifPresent(why -> node.put("failure", why));
        if (!run.ok()) {
            return;
        }
        node.put("seconds", run.seconds())
                .put("bytes", run.bytes())
                .put("stealShare", run.stealShare())
                .put("load", run.load());
        ObjectNode sides = node.putObject("sides");
        run.sides()
                .forEach((name, usage) -> sides.putObject(name)
                        .put("userSeconds", usage.userSeconds())
                        .put("systemSeconds", usage.systemSeconds())
                        .put("peakAnonBytes", usage.peakAnonBytes())
                        .put("peakResidentBytes", usage.peakResidentBytes())
                        .put("writtenBytes", usage.writtenBytes()));
        ObjectNode figures = node.putObject("figures");
        run.figures().forEach(figures::put);
    }
}
