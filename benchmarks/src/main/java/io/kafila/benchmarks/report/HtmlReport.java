package io.kafila.benchmarks.report;

import io.kafila.benchmarks.Sizes;
import io.kafila.benchmarks.report.LaneSummary.Peak;
import io.kafila.benchmarks.scenario.ScenarioResult;
import io.kafila.benchmarks.scenario.ScenarioResult.LaneResult;
import io.kafila.benchmarks.shows.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A report as one page of HTML that needs nothing besides itself: plots as inline SVG, light and dark. */
public final class HtmlReport {
    private static final double MIB = 1 << 20;
    private static final Pattern WIDTH = Pattern.compile("(.+)-x(\\d+)");

    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #1c2024; --soft: #60646c; --line: #d9d9e0; --page: #fcfcfd;
              --kafila: #0d74ce; --other: #b9bbc6; --good: #2b9a66; --bad: #ce2c31; }
            @media (prefers-color-scheme: dark) { :root { --ink: #edeef0; --soft: #b0b4ba; --line: #363a3f;
              --page: #111113; --kafila: #70b8ff; --other: #62636c; --good: #3dd68c; --bad: #ff9592; } }
            body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); max-width: 62rem;
              margin: 2rem auto; padding: 0 1rem; }
            h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2.5rem; }
            p, .soft { color: var(--soft); } .scroll { overflow-x: auto; }
            table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9rem; width: 100%; }
            th, td { text-align: right; padding: .3rem .6rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
            th:first-child, td:first-child, td.text { text-align: left; white-space: normal; }
            th { color: var(--soft); font-weight: 500; } .pass { color: var(--good); } .short { color: var(--bad); }
            svg { width: 100%; height: auto; display: block; } svg text { fill: var(--ink); font: 13px system-ui, sans-serif; }
            svg .soft { fill: var(--soft); } svg .kafila { fill: var(--kafila); } svg .other { fill: var(--other); }
            svg .range { stroke: var(--ink); stroke-width: 1.5; } svg .bound { stroke: var(--bad); stroke-dasharray: 4 3; }
            svg .run { fill: var(--page); stroke: var(--ink); stroke-width: 1; } svg .grid { stroke: var(--line); }
            svg polyline { fill: none; stroke-width: 2; } svg .kafila-line { stroke: var(--kafila); }
            svg .other-line { stroke: var(--other); } dl { display: grid; grid-template-columns: max-content 1fr;
              gap: .15rem 1rem; font-size: .9rem; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
            .formula { font-size: .85rem; } h3 { font-size: 1rem; font-weight: 500; margin: 1.5rem 0 .3rem; }
            """;

    private HtmlReport() {}

    public static String of(Report report) {
        StringBuilder out = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        out.append("<meta name=\"viewport\" content=\"width=device-width\"><title>Kafila benchmarks</title><style>\n");
        out.append(STYLE).append("</style></head><body>\n<h1>Kafila benchmarks</h1>\n");
        facts(out, report);
        report.absent().forEach((name, how) -> paragraph(out, "Absent: " + name + ": " + how));
        report.notTried().forEach((name, why) -> paragraph(out, "Not tried: " + name + ": " + why));
        report.withoutPart()
                .forEach((name, where) -> paragraph(out, name + ": does not take part in " + String.join(", ", where)));
        report.disturbance()
                .ifPresent(why ->
                        out.append("<p class=\"short\">").append(escape(why)).append("</p>\n"));
        verdicts(out, report.verdicts());
        report.results().forEach(result -> scenario(out, report, result));
        sweep(out, report);
        out.append("<h2>How to read this</h2>\n<p>A bar is the median rate of the counted repetitions, each of them a")
                .append(" ring, the line from the slowest to the fastest. CPU is that of all named processes, for each")
                .append(
                        " GiB of content. Peak RssAnon is the most memory of its own of any one of them, RSS the most with files that it maps. Written is what was sent towards")
                .append(" the disk for each byte of content. Steal is the share of the machine's time that the")
                .append(" hypervisor gave to others, load what else wanted to run before. What came out of every run")
                .append(
                        " was compared with what went in, by SHA-256. The bound is that of the stages measured alone in")
                .append(" the same run; nothing reaches it.</p>\n</body></html>\n");
        return out.toString();
    }

    private static void paragraph(StringBuilder out, String text) {
        out.append("<p>").append(escape(text)).append("</p>\n");
    }

    private static void facts(StringBuilder out, Report report) {
        Machine machine = report.machine();
        out.append("<dl>");
        fact(out, "started", report.started().toString());
        fact(
                out,
                "machine",
                String.format(
                        Locale.ROOT,
                        "%s, %d cores, %.0f GiB, %s, %s",
                        machine.cpu(),
                        machine.cores(),
                        machine.memoryBytes() / (double) (1 << 30),
                        machine.kernel(),
                        machine.filesystem()));
        report.versions().forEach((name, version) -> fact(out, name, version));
        report.options().forEach((name, value) -> fact(out, name, value));
        out.append("</dl>\n");
    }

    private static void fact(StringBuilder out, String name, String value) {
        out.append("<dt>")
                .append(escape(name))
                .append("<dd>")
                .append(escape(value))
                .append('\n');
    }

    /** The scenarios of a sweep together: what a GiB costs at each size. */
    private static void sweep(StringBuilder out, Report report) {
        Map<String, SortedMap<Long, Double>> cost = new LinkedHashMap<>();
        Map<String, SortedMap<Long, Double>> rate = new LinkedHashMap<>();
        for (ScenarioResult result : report.results()) {
            if (!result.name().startsWith("sweep-")) {
                continue;
            }
            long bytes = result.workload().bytes();
            for (LaneResult lane : result.lanes()) {
                if (!lane.good().isEmpty()) {
                    cost.computeIfAbsent(lane.name(), key -> new TreeMap<>())
                            .put(bytes, lane.cpuSecondsPerGib().median());
                    rate.computeIfAbsent(lane.name(), key -> new TreeMap<>())
                            .put(bytes, lane.bytesPerSecond().median() / MIB);
                }
            }
        }
        if (!cost.isEmpty()) {
            out.append("<h2>By size</h2>\n<h3>CPU seconds for each GiB, of both sides</h3>\n")
                    .append(LinePlot.of(cost, Sizes::format, "s/GiB"))
                    .append("<h3>Rate</h3>\n")
                    .append(LinePlot.of(rate, Sizes::format, "MiB/s"));
        }
    }

    /** Lanes that differ in a number only: {@code kafila-x16}. */
    private static String byWidth(List<LaneSummary> rows) {
        Map<String, SortedMap<Long, Double>> rates = new LinkedHashMap<>();
        for (LaneSummary row : rows) {
            Matcher name = WIDTH.matcher(row.name());
            if (name.matches() && row.runs() > 0) {
                rates.computeIfAbsent(name.group(1), key -> new TreeMap<>())
                        .put(Long.parseLong(name.group(2)), row.rate().median() / MIB);
            }
        }
        return LinePlot.of(rates, Long::toString, "MiB/s");
    }

    private static void verdicts(StringBuilder out, List<Verdict> verdicts) {
        if (verdicts.isEmpty()) {
            return;
        }
        out.append("<h2>Goals</h2>\n<div class=\"scroll\"><table><tr><th>goal<th>reached<th>wanted<th></tr>\n");
        for (Verdict verdict : verdicts) {
            String style = verdict.status().toString().toLowerCase(Locale.ROOT);
            out.append("<tr><td>")
                    .append(escape(verdict.show() + ". " + verdict.claim()))
                    .append("<td>")
                    .append(escape(verdict.figure()))
                    .append("<td>")
                    .append(escape(verdict.target()))
                    .append("<td class=\"")
                    .append(style)
                    .append("\">")
                    .append(style)
                    .append(verdict.shortfall().isEmpty() ? "" : ", " + escape(verdict.shortfall()))
                    .append("</tr>\n");
        }
        out.append("</table></div>\n");
    }

    private static void scenario(StringBuilder out, Report report, ScenarioResult result) {
        List<LaneSummary> rows = result.lanes().stream()
                .map(lane -> LaneSummary.of(result, lane, report.bound(result, lane)))
                .toList();
        out.append("<h2>")
                .append(escape(result.title()))
                .append("</h2>\n<p>")
                .append(escape(TextReport.describe(result)))
                .append("</p>\n")
                .append(BarPlot.of(rows, report.bound(result)))
                .append(byWidth(rows))
                .append("<div class=\"scroll\"><table><tr><th>lane<th>median s<th>min<th>max<th>MiB/s<th>x Kubo")
                .append(
                        "<th>CPU s/GiB<th>peak RssAnon<th>peak RSS<th>written<th>of bound<th>steal<th>load<th>runs</tr>\n");
        for (LaneSummary row : rows) {
            out.append("<tr><td>").append(escape(row.name()));
            if (row.runs() == 0) {
                out.append("<td class=\"text short\" colspan=\"13\">failed: ")
                        .append(escape(row.failure().orElse("")))
                        .append(row.restarts() == 0 ? "" : "; " + TextReport.restarts(row))
                        .append("</tr>\n");
                continue;
            }
            cell(out, "%.3f", row.seconds().median());
            cell(out, "%.3f", row.seconds().min());
            cell(out, "%.3f", row.seconds().max());
            out.append("<td>").append(TextReport.rate(row.rate().median()));
            cell(out, "%.2f", row.ratio().orElse(Double.NaN));
            cell(
                    out,
                    "%.2f",
                    row.cpu().values().stream().mapToDouble(each -> each).sum());
            cell(out, "%.0f MiB", most(row, Peak::anon) / MIB);
            cell(out, "%.0f MiB", most(row, Peak::resident) / MIB);
            cell(out, "%.2f", row.written());
            cell(out, "%.0f%%", row.share().orElse(Double.NaN) * 100);
            cell(out, "%.1f%%", row.steal() * 100);
            cell(out, "%.1f", row.load());
            out.append("<td>").append(row.runs()).append(row.failures() == 0 ? "" : ", " + row.failures() + " failed");
            out.append(row.restarts() == 0 ? "" : ", " + TextReport.restarts(row));
            out.append("</tr>\n");
            row.figures()
                    .forEach((name, value) -> out.append("<tr><td class=\"soft\">&nbsp; ")
                            .append(escape(name.replace('_', ' ')))
                            .append(String.format(Locale.ROOT, "<td>%.1f<td colspan=\"12\"></tr>%n", value)));
        }
        out.append("</table></div>\n");
        report.bound(result)
                .ifPresent(bound -> out.append("<p class=\"formula\">Bound: ")
                        .append(escape(bound.formula()))
                        .append("</p>\n"));
        report.ownBounds(result)
                .forEach((lane, bound) -> out.append("<p class=\"formula\">Bound of ")
                        .append(escape(lane + ": " + bound.formula()))
                        .append("</p>\n"));
    }

    private static long most(LaneSummary row, ToLongFunction<Peak> memory) {
        return row.peaks().values().stream().mapToLong(memory).max().orElse(0);
    }

    private static void cell(StringBuilder out, String pattern, double value) {
        out.append("<td>").append(Double.isNaN(value) ? "" : String.format(Locale.ROOT, pattern, value));
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
